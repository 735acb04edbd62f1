import { Component, createRef, type FocusEvent, type ReactNode } from 'react';
import { useFocusKept } from './useFocusKept';

type Props = { className?: string | undefined; children: ReactNode };
type Before = { height: number; below: Element; top: number } | null;

/**
 * The place of a note that comes and goes by itself, as the page saves or looks for news: what stands under it stays under the hand, the page
 * is moved instead. The focus is not lost with a button of the note. Only whoever draws this place anew may change what is in it.
 */
export function NotePlace(props: Props) {
  return <Place {...props} {...useFocusKept('main')} />;
}

// A class, for only a class is told just before the page changes.
class Place extends Component<Props & { onFocus: (event: FocusEvent) => void; onBlur: () => void }> {
  private readonly place = createRef<HTMLDivElement>();

  override getSnapshotBeforeUpdate(): Before {
    return this.measure();
  }

  override componentDidUpdate(_props: unknown, _state: unknown, before: Before): void {
    const after = this.measure();
    // What was not there before, as a list that has just come, is under nobody's hand.
    if (before?.below !== after?.below || !before || !after) return;
    if (before.height === after.height || before.top === after.top) return;
    window.scrollBy({ top: after.top - before.top, behavior: 'instant' });
  }

  private measure(): Before {
    const place = this.place.current;
    const below = place?.nextElementSibling;
    return place && below ? { height: place.offsetHeight, below, top: below.getBoundingClientRect().top } : null;
  }

  override render() {
    const { className, children, ...focus } = this.props;
    return (
      <div ref={this.place} className={className} {...focus}>
        {children}
      </div>
    );
  }
}
