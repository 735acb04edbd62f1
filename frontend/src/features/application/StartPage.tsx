import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { type Application, useApplication } from '@/api/applications';
import type { ApplicantKind, DeclaredService } from '@/api/declaration';
import { isSilence } from '@/api/problem';
import { useService } from '@/api/service';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { LicencesInForce } from '@/ui/LicencesInForce';
import { Loading } from '@/ui/Loading';
import { Note } from '@/ui/Note';
import { SummaryList } from '@/ui/SummaryList';
import { type Answers, isConfirmation, sectionsFor } from './answers';
import { useStart } from './queries';

/** The one service of the portal so far; others come as declarations. */
const serviceCode = 'medical-activity';
const kindCode = 'licence';
const choiceId = 'applicant-kind';

/** What was said there, without what must be confirmed anew. */
function carried(application: Application, service: DeclaredService): Answers {
  const sections = sectionsFor(service, application.applicant.kind).filter(isConfirmation);
  const anew = new Set(sections.flatMap((section) => section.fields.map((field) => field.id)));
  return Object.fromEntries(Object.entries(application.answers).filter(([id]) => !anew.has(id)));
}

/** Who applies: a person chooses person or sole trader; whoever acts for an organisation applies for it (S2, SF3, SF4). */
export function StartPage() {
  const { t } = useTranslation('application');
  const text = useText3();
  const navigate = useNavigate();
  const session = useReader();
  const card = useService(serviceCode);
  const start = useStart();
  const [params] = useSearchParams();
  const asked = params.get('like') ?? '';
  const likeQuery = useApplication(asked);
  const like = likeQuery.data;
  const [picked, setChosen] = useState<ApplicantKind | ''>();
  const chosen = picked ?? like?.applicant.kind ?? '';
  const [attempt, setAttempt] = useState(0);
  if (card.isError && !card.data) return <ErrorNote error={card.error} onRetry={() => card.refetch()} />;
  // Whoever begins anew from another application is not let begin without its answers because the line was cut.
  if (isSilence(likeQuery.error) && !like)
    return <ErrorNote error={likeQuery.error} onRetry={() => likeQuery.refetch()} />;
  if (!card.data || !session || (asked && likeQuery.isPending)) return <Loading />;
  const { name, iin, bin, organisation, capacity } = session;
  const entity = capacity === 'entity';
  const kind = entity ? 'entity' : chosen;
  const missing = attempt > 0 && kind === '';
  const begin = () => {
    if (kind === '') {
      setAttempt(attempt + 1);
      return;
    }
    start.mutate(
      {
        service: serviceCode,
        kind: kindCode,
        applicantKind: kind,
        answers: like?.applicant.kind === kind ? carried(like, card.data.service) : undefined,
      },
      { onSuccess: (application) => navigate(paths.form(application.id)) },
    );
  };
  const title = text(card.data.service.kinds.find((one) => one.code === kindCode)?.title);
  return (
    <div className="measure">
      <DocumentTitle title={title} error={missing} />
      <Crumb to={paths.service}>{t('start.back')}</Crumb>
      <ErrorSummary entries={missing ? [{ fieldId: choiceId, text: t('start.choose') }] : []} attempt={attempt} />
      <h1>{title}</h1>
      <p className="lead after-title">{t('start.lead')}</p>
      <form
        className="stack-5 after-text"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <LicencesInForce service={serviceCode} address={paths.checkNumber} />
        <SummaryList
          layout="middle"
          facts={
            entity
              ? [
                  { term: t('applicant.organisation'), value: organisation },
                  { term: t('applicant.bin'), value: bin },
                  { term: t('applicant.signer'), value: name },
                ]
              : [
                  { term: t('applicant.person'), value: name },
                  { term: t('applicant.iin'), value: iin },
                ]
          }
        />
        <p className="quiet small">{t('start.fromKey')}</p>
        {entity ? (
          <p>{t('start.entity')}</p>
        ) : (
          <RadioGroup
            id={choiceId}
            legend={t('start.who')}
            error={missing ? t('start.choose') : undefined}
            value={chosen}
            onChange={(value) => setChosen(value as ApplicantKind)}
            options={[
              { value: 'person', label: t('kind.person'), hint: t('start.personHint') },
              { value: 'sole_trader', label: t('kind.sole_trader'), hint: t('start.soleTraderHint') },
            ]}
          />
        )}
        {like?.applicant.kind === kind && (
          <Note>
            <p>{t('start.like', { number: like.number ?? '' })}</p>
          </Note>
        )}
        <ErrorNote error={start.error} />
        <div className="actions">
          <Button type="submit" size="big" busy={start.isPending && t('start.busy')}>
            {t('start.begin')}
          </Button>
        </div>
        <p className="quiet small">{t('start.draft')}</p>
      </form>
    </div>
  );
}
