import { Component, type ReactNode } from 'react';
import type { Language } from '../../main/contract/language.ts';
import { OneMoment } from './one-moment.tsx';

type Props = {
  readonly seq: number;
  readonly language: Language;
  readonly children: ReactNode;
};

/** A screen that cannot be drawn is a calm "one moment", never a white page. The next view is tried afresh. */
export class ErrorBoundary extends Component<Props, { readonly failedSeq: number | null }> {
  override state: { readonly failedSeq: number | null } = { failedSeq: null };

  static getDerivedStateFromError(): { failedSeq: number } {
    return { failedSeq: -1 };
  }

  static getDerivedStateFromProps(
    props: Props,
    state: { readonly failedSeq: number | null },
  ): { failedSeq: number | null } | null {
    if (state.failedSeq === -1) return { failedSeq: props.seq };
    if (state.failedSeq !== null && state.failedSeq !== props.seq) return { failedSeq: null };
    return null;
  }

  override componentDidCatch(error: unknown): void {
    console.error('a screen could not be drawn', error);
  }

  override render(): ReactNode {
    if (this.state.failedSeq !== null) return <OneMoment language={this.props.language} />;
    return this.props.children;
  }
}
