#!/usr/bin/env node
// Node reads all that is imported before it runs any of it: the rest comes when this Node is known to be new enough.
import { isNewEnough, runOnBundledNode } from './run-on-bundled-node.js';

if (isNewEnough(process.version)) await (await import('./run-command.js')).runCommand();
else await runOnBundledNode();
