/** From an address to its view. Whatever stands in the address comes from a stranger. */
import { type Filter, paths, type Standing } from './address.ts';
import { delegateView } from './delegate-view.ts';
import { delegatesView } from './delegates-view.ts';
import type { View } from './document.ts';
import { fleetView } from './fleet-view.ts';
import { isState } from './in-words.ts';
import { incidentView } from './incident-view.ts';
import { incidentsView } from './incidents-view.ts';
import { reportView } from './report-view.ts';
import type { Sources } from './sources.ts';

interface Asked extends Sources {
  readonly formToken: string;
}

/** Undefined where there is nothing. */
export function viewOf(path: string, query: URLSearchParams, asked: Asked): View | undefined {
  switch (path) {
    case paths.fleet:
      return fleetView(asked, query.get('by') === 'account' ? 'account' : 'target');
    case paths.delegates:
      return delegatesView(asked, readFilter(query), count(query, 'page') ?? 1);
    case paths.incidents:
      return incidentsView(asked, Math.min(count(query, 'page') ?? 1, 400));
    case paths.incident: {
      const id = query.get('id') ?? '';
      const incident =
        asked.incidents.open().find((each) => each.id === id) ?? asked.incidents.find(id);
      return incident && incidentView(incident, asked);
    }
    case paths.delegate:
      return ofDelegate(query, asked);
    case paths.report: {
      const arrival = count(query, 'arrival') ?? 0;
      const whole = asked.reports.find(arrival);
      return whole && reportView(arrival, whole, asked);
    }
    default:
      return undefined;
  }
}

function ofDelegate(query: URLSearchParams, asked: Asked): View | undefined {
  const before = count(query, 'before');
  const wanted = {
    source: query.get('of') ?? '',
    wasAsked: query.has('asked'),
    formToken: asked.formToken,
    ...(before !== undefined && { before }),
  };
  return delegateView(wanted, asked);
}

function readFilter(query: URLSearchParams): Filter {
  const [q, target, account, incident] = ['q', 'target', 'account', 'incident'].map((name) =>
    text(query, name),
  );
  const state = standing(text(query, 'state'));
  return {
    ...(q !== undefined && { q }),
    ...(target !== undefined && { target }),
    ...(account !== undefined && { account }),
    ...(incident !== undefined && { incident }),
    ...(state !== undefined && { state }),
  };
}

function standing(said: string | undefined): Standing | undefined {
  if (said === 'failing' || said === 'own') return said;
  return said !== undefined && isState(said) ? said : undefined;
}

function text(query: URLSearchParams, name: string): string | undefined {
  const said = query.get(name)?.trim().slice(0, 1_024);
  return said === '' ? undefined : said;
}

/** From 1. */
function count(query: URLSearchParams, name: string): number | undefined {
  const said = query.get(name) ?? '';
  const number = /^\d{1,15}$/.test(said) ? Number(said) : 0;
  return number > 0 ? number : undefined;
}
