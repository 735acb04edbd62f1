import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useLocation, useNavigate } from 'react-router';
import { type Session, useSession, useSignOut } from '@/api/session';
import { useText3 } from '@/i18n/text3';
import { Button, ButtonLink } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorNote } from '@/ui/ErrorNote';
import { paths } from '../paths';
import { Emblem } from './Emblem';
import { LanguageSwitch } from './LanguageSwitch';
import { PrintSwitch } from './PrintSwitch';

type Item = {
  to: string;
  text: string;
  end?: boolean /** Pages below this one that have an entry of their own. */;
  but?: readonly string[];
};

function usePublicItems(): Item[] {
  const { t } = useTranslation();
  return [
    { to: paths.service, text: t('nav.services') },
    { to: paths.check, text: t('nav.check') },
    { to: paths.directory, text: t('nav.directory') },
    { to: paths.help, text: t('nav.help') },
  ];
}

function useCabinetItems(): Item[] {
  const { t } = useTranslation();
  return [
    { to: paths.applications, text: t('nav.applications') },
    { to: paths.licences, text: t('nav.licences') },
    { to: paths.payments, text: t('nav.payments') },
    { to: paths.service, text: t('nav.services') },
    { to: paths.check, text: t('nav.check') },
    { to: paths.help, text: t('nav.help') },
  ];
}

function useWorkItems(): Item[] {
  const { t } = useTranslation();
  const roles = useSession().data?.roles ?? [];
  const signs = roles.includes('head');
  const money = signs || roles.includes('chancery');
  return [
    { to: paths.work, text: t('nav.work'), but: [paths.workToSign, paths.workJournal, paths.workMoney] },
    ...(signs ? [{ to: paths.workToSign, text: t('nav.toSign') }] : []),
    { to: paths.workJournal, text: t('nav.journal') },
    ...(money ? [{ to: paths.workMoney, text: t('nav.money') }] : []),
    { to: paths.check, text: t('nav.check') },
  ];
}

function NavItem({ item }: { item: Item }) {
  const { pathname } = useLocation();
  if (item.but?.some((other) => pathname.startsWith(other))) return <Link to={item.to}>{item.text}</Link>;
  return (
    <NavLink to={item.to} end={item.end ?? false}>
      {item.text}
    </NavLink>
  );
}

function Nav({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation();
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {items.map((item) => (
        <NavItem key={item.to} item={item} />
      ))}
    </nav>
  );
}

/** "ТЕСТОВ ТЕСТ ТЕСТОВИЧ" as "ТЕСТОВ Т. Т.": the header has no room for more. */
export function shortName(name: string): string {
  const [family = '', ...rest] = name.trim().split(/\s+/);
  return [family, ...rest.map((part) => `${part.charAt(0)}.`)].join('\u00a0');
}

function Who({ session }: { session: Session }) {
  const { t } = useTranslation();
  const text3 = useText3();
  const signOut = useSignOutAndLeave();
  const role =
    session.capacity === 'official'
      ? session.roles?.map((r) => t(`role.${r}`)).join(', ')
      : session.capacity === 'entity'
        ? session.organisation
        : undefined;
  return (
    <div className="who">
      {shortName(session.name ?? '')}
      <small>
        {role && <>{role} · </>}
        {session.capacity === 'official' && <span className="vh">{text3(session.authorityName)} · </span>}
        <button type="button" className="lnk" onClick={signOut.press}>
          {t('signOut')}
        </button>
      </small>
      {signOut.failed}
    </div>
  );
}

/** The press, and what stands over the page when it did not come through: nobody leaves a shared machine believing that he has signed out. */
function useSignOutAndLeave(): { press: () => void; failed: ReactNode } {
  const { t } = useTranslation(['common', 'ui']);
  const navigate = useNavigate();
  const out = useSignOut(() => navigate(paths.home));
  const press = () => {
    if (!out.isPending) out.mutate();
  };
  // Outside of the header, whose narrow columns and menu would dress it as one of their own.
  const failed =
    out.isError &&
    createPortal(
      <Dialog title={t('signOutFailed')} onClose={out.reset}>
        <ErrorNote error={out.error} onRetry={press} />
        <p className="after-title">
          <Button variant="link" onClick={out.reset}>
            {t('ui:close')}
          </Button>
        </p>
      </Dialog>,
      document.body,
    );
  return { press, failed };
}

/** The phone's menu: the same entries behind one button; it closes when a page is chosen, on Escape and on a press outside. */
function PhoneMenu({ items, session }: { items: readonly Item[]; session: Session | undefined }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDetailsElement>(null);
  const { pathname } = useLocation();
  const signOut = useSignOutAndLeave();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => {
    box.current?.removeAttribute('open');
  }, [pathname]);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = box.current;
      if (!menu?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return;
        menu.removeAttribute('open');
        menu.querySelector('summary')?.focus();
      } else if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
    };
    document.addEventListener('keydown', close);
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('pointerdown', close);
    };
  }, []);
  return (
    <details className="menu" ref={box}>
      <summary>{t('nav.label')}</summary>
      <div className="sheet">
        <nav aria-label={t('nav.label')}>
          {items.map((item) => (
            <NavItem key={item.to} item={item} />
          ))}
        </nav>
        <LanguageSwitch />
        <PrintSwitch />
        {session?.signedIn ? (
          <button type="button" onClick={signOut.press}>
            {t('signOut')} · {shortName(session.name ?? '')}
          </button>
        ) : (
          <Link to={paths.signIn}>{t('signIn')}</Link>
        )}
        {signOut.failed}
      </div>
    </details>
  );
}

function Brand({ to, title, under }: { to: string; title: string; under: ReactNode }) {
  return (
    <Link className="brand" to={to}>
      <Emblem />
      <span>
        <b>{title}</b>
        <small>{under}</small>
      </span>
    </Link>
  );
}

/** Two lines: name and tools above, navigation below, so that the longer Kazakh words never wrap. */
export function PublicHeader() {
  const { t } = useTranslation();
  const session = useSession().data;
  const publicItems = usePublicItems();
  const cabinetItems = useCabinetItems();
  const workItems = useWorkItems();
  const items = !session?.signedIn ? publicItems : session.capacity === 'official' ? workItems : cabinetItems;
  return (
    <header className="top">
      <div className="wrap">
        <Brand to={paths.home} title={t('brand.name')} under={t('brand.country')} />
        <div className="tools">
          <PrintSwitch className="bigprint" />
          <LanguageSwitch />
          {session?.signedIn ? (
            <Who session={session} />
          ) : (
            <ButtonLink variant="second" size="dense" to={paths.signIn}>
              {t('signIn')}
            </ButtonLink>
          )}
        </div>
        <PhoneMenu items={items} session={session} />
      </div>
      <div className="wrap navrow">
        <Nav items={items} />
      </div>
    </header>
  );
}

/** The officials' header has one line. */
export function OfficialsHeader() {
  const { t } = useTranslation();
  const text3 = useText3();
  const session = useSession().data;
  const items = useWorkItems();
  return (
    <header className="top">
      <div className="wrap">
        <Brand
          to={paths.work}
          title={t('brand.work')}
          under={session?.authorityName ? text3(session.authorityName) : t('brand.country')}
        />
        <Nav items={items} />
        <div className="tools">
          <LanguageSwitch />
          {session?.signedIn && <Who session={session} />}
        </div>
        <PhoneMenu items={items} session={session} />
      </div>
    </header>
  );
}
