/** `check`: one look at one target, diagnosed against what was last accepted. */
import type { Config } from '../config/config.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { look } from '../probe/look.ts';
import { makeReport } from '../report/make-report.ts';
import type { Report } from '../report/report.ts';
import { baselinesIn } from '../state/baselines.ts';
import { agentId } from '../state/identity.ts';
import { openState } from '../state/open-state.ts';
import { aim } from '../target/target.ts';
import { identify } from './identify.ts';
import type { OnStep, Ports } from './ports.ts';
import { targetKey } from './target-key.ts';
