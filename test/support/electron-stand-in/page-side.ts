/**
 * The page's half of the stand-in: runs the real preload script with its own `require`, and nothing else. `say` and
 * `hear` are names that the page cannot guess. Real Electron runs the preload in a world of its own; here it is a closure
 * in the page's world, and what crosses is copied as the real contextBridge copies it.
 */
export function pageSide(preload: string, say: string, hear: string): string {
  return `(() => {
  if (window !== window.top) return;
  const listeners = new Map();
  const tell = window[${JSON.stringify(say)}];
  delete window[${JSON.stringify(say)}];
  const crossing = (value) =>
    typeof value === 'function'
      ? (...inner) => value(...inner.map(crossing))
      : structuredClone(value);
  const electron = {
    ipcRenderer: {
      send: (channel, ...values) => void tell(channel, structuredClone(values)),
      on: (channel, listener) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
    },
    contextBridge: {
      exposeInMainWorld(name, api) {
        const exposed = {};
        for (const [key, value] of Object.entries(api)) {
          if (typeof value !== 'function') throw new Error('the stand-in exposes functions only');
          exposed[key] = (...values) => crossing(value(...values.map(crossing)));
        }
        Object.defineProperty(window, name, { value: Object.freeze(exposed), enumerable: true });
      },
    },
  };
  Object.defineProperty(window, ${JSON.stringify(hear)}, {
    value: (channel, values) => {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...values);
    },
  });
  const require = (name) => {
    if (name !== 'electron') throw new Error('a sandboxed preload cannot load ' + name);
    return electron;
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })(require, module, module.exports);
})();`;
}
