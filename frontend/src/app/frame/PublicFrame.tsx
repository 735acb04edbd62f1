import { Suspense } from 'react';
import { DemoBar } from './DemoBar';
import { Footer } from './Footer';
import { PublicHeader } from './Header';
import { Main } from './Main';
import { Offline } from './Offline';
import { Printed } from './Printed';
import { SessionEnded } from './SessionEnded';
import { SkipLink } from './SkipLink';

/** The frame of public pages and of the cabinet. */
export function PublicFrame() {
  return (
    <Suspense fallback={null}>
      <SkipLink />
      <DemoBar />
      <PublicHeader />
      <Offline />
      <SessionEnded />
      <Printed />
      <Main />
      <Footer />
    </Suspense>
  );
}
