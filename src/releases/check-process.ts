/** The process that checks a large candidate while another one serves. See `checkAside`. */
import { receiveSource } from '../rulebook/aside/send-source.js';
import { stepBack } from '../rulebook/aside/step-back.js';
import { checkRelease } from '../rulebook/cases/check-release.js';

stepBack();
// Nobody is left to check for.
process.once('disconnect', () => process.exit());
const check = await checkRelease(await receiveSource());
process.send?.(check);
