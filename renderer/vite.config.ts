import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const bench = `${root}bench/index.html`;

/** `--mode packaged` leaves the bench's page out: what is shipped must not carry it. */
export default defineConfig(({ mode }) => ({
  root,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // The page's policy takes nothing from data: addresses but pictures; fonts stay files, loaded when needed.
    assetsInlineLimit: 0,
    // Would be an inline script.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: {
        kiosk: `${root}index.html`,
        ...(mode !== 'packaged' && existsSync(bench) ? { bench } : {}),
      },
    },
  },
}));
