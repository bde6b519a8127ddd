/** System properties (`-Dname=value`) that the delegate's environment hands to Java. */
import { type Environment, said } from './delegate-environment.ts';

export interface JavaProperty {
  readonly value: string;
  /** That said it. */
  readonly variable: string;
}

/** In the order in which Java lets one overrule another, the strongest first. */
const variables = ['JAVA_OPTS', 'JDK_JAVA_OPTIONS', 'JAVA_TOOL_OPTIONS'] as const;

/** The last mention in a variable counts. Undefined when no variable says anything. */
export function javaProperty(env: Environment, name: string): JavaProperty | undefined {
  for (const variable of variables) {
    const value = words(said(env, variable) ?? '')
      .findLast((word) => word.startsWith(`-D${name}=`))
      ?.slice(name.length + 3);
    if (value !== undefined) return { value, variable };
  }
  return undefined;
}

/** Split at spaces outside of quotes, which are taken away. */
function words(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}
