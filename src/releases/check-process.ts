/** The process that checks a large candidate while another one serves. See `checkAside`. */
import { receiveSource } from '../rulebook/build/send-source.js';
import { stepBack } from '../rulebook/build/step-back.js';
import { checkRelease } from './check-release.js';

stepBack();
// Nobody is left to check for.
process.once('disconnect', () => process.exit());
const check = await checkRelease(await receiveSource());
process.send?.(check);
