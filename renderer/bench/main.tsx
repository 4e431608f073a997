import '../theme/fonts.css';
import './mat.css';
import './parts.css';
import './cards.css';
import './panels.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { create } from 'zustand';
import type { BenchCommand, BenchView } from '../../main/contract/bench.ts';
import { type Connection, openSocketChannel } from '../channel.ts';
import { Bench } from './bench.tsx';

const place = document.getElementById('bench');
if (place === null) throw new Error('index.html has no #bench');

type Seen = { readonly view: BenchView | null; readonly connection: Connection };

const useSeen = create<Seen>(() => ({ view: null, connection: 'lost' }));

const channel = openSocketChannel<BenchCommand, BenchView>('/channel/bench', (connection) =>
  useSeen.setState({ connection }),
);
channel.watch((view) => useSeen.setState({ view }));

function SeenBench() {
  const { view, connection } = useSeen();
  return <Bench view={view} connection={connection} say={channel.send} />;
}

createRoot(place).render(
  <StrictMode>
    <SeenBench />
  </StrictMode>,
);
