import { Suspense } from 'react';
import { DemoBar } from './DemoBar';
import { OfficialsFooter } from './Footer';
import { OfficialsHeader } from './Header';
import { Main } from './Main';
import { Offline } from './Offline';
import { Printed } from './Printed';
import { SessionEnded } from './SessionEnded';
import { SkipLink } from './SkipLink';

/** The officials' frame: wider page, header of one line, dense tables. */
export function OfficialsFrame() {
  return (
    <Suspense fallback={null}>
      <div className="work">
        <SkipLink />
        <DemoBar />
        <OfficialsHeader />
        <Offline />
        <SessionEnded />
        <Printed />
        <Main />
        <OfficialsFooter />
      </div>
    </Suspense>
  );
}
