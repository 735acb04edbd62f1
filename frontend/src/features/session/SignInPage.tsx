import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { type Session, useSession } from '@/api/session';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { Note } from '@/ui/Note';
import { CapacityChoice } from './CapacityChoice';
import { landing } from './landing';
import { SignInWays } from './SignInWays';

/** Sign-in with EDS (R10.1, S14): a one-time challenge is really signed, in demo mode too. */
export function SignInPage() {
  const { t } = useTranslation('session');
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const session = useSession().data;
  const [choosing, setChoosing] = useState(false);
  const goOn = (who: Session) => navigate(landing(who, search.get('next')), { replace: true });

  if (choosing && session?.signedIn) return <CapacityChoice session={session} onChosen={goOn} />;
  return (
    <>
      <DocumentTitle title={t('title')} />
      <div className="measure">
        <h1>{t('title')}</h1>
        <p className="lead after-title">{t('lead')}</p>
      </div>
      {session?.signedIn && (
        <div className="measure after-title">
          <Note title={t('signedIn', { name: session.name })}>
            <p>{t('signedInText')}</p>
            <p className="note-act">
              <ButtonLink variant="second" to={landing(session, search.get('next'))}>
                {t('continue')}
              </ButtonLink>
            </p>
          </Note>
        </div>
      )}
      <SignInWays
        onSignedIn={({ session: who }) => {
          // An official comes to his work at once; somebody whose key names an organisation says on whose behalf he acts.
          if (who.capacity !== 'official' && who.capacities?.includes('entity')) setChoosing(true);
          else goOn(who);
        }}
      />
      <p className="measure after-text">
        <b>{t('none.title')}</b> {t('none.text')} <Link to={`${paths.help}#eds`}>{t('none.link')}</Link>
      </p>
    </>
  );
}
