import { registerHooks } from 'node:module';

/** `node --import …/register.ts main.js`: whoever imports `electron` is given the stand-in. */
const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    return specifier === 'electron'
      ? { url: standIn, shortCircuit: true }
      : next(specifier, context);
  },
});
