import type { Session } from '@/api/session';
import { paths } from '@/app/paths';

/** Where to go after signing in: the page that was asked for, if it is one of ours and of this reader; else the reader's own first page. */
export function landing(session: Session, next: string | null): string {
  const own = session.capacity === 'official' ? paths.work : paths.applications;
  if (!next || !/^\/(?![/\\])/.test(next) || next.startsWith(paths.signIn)) return own;
  const forOfficials = next === paths.work || next.startsWith(`${paths.work}/`);
  const forApplicants = next.startsWith(paths.applications) || next.startsWith(paths.licences);
  if (forOfficials && session.capacity !== 'official') return own;
  if (forApplicants && session.capacity === 'official') return own;
  return next;
}
