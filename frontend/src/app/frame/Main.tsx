import { Suspense, useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { Loading } from '@/ui/Loading';

/** The page itself. A new address moves the focus to it, so that a screen reader starts with the new page and not with the old link. */
export function Main() {
  const box = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(pathname);
  useEffect(() => {
    if (first.current === pathname) return;
    first.current = pathname;
    // A page that has put the focus somewhere itself (an error summary) keeps it.
    if (!box.current?.contains(document.activeElement)) box.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <main id="main" tabIndex={-1} ref={box}>
      <div className="wrap">
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </div>
      <ScrollRestoration />
    </main>
  );
}
