import { useTranslation } from 'react-i18next';
import { offered } from '@/api/applications';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { isConflict, steps, useStep } from '../queries';
import type { ActionProps } from './actionProps';
import { useBlockedText } from './blockedText';
import styles from './file.module.css';

/** After the checklist: the licence when every requirement is met, otherwise a refusal with its grounds (R5.3, R5.4). */
export function PrepareActions({ application, onDone, onConflict, marksSaved }: ActionProps) {
  const { t } = useTranslation('authority');
  const blockedText = useBlockedText();
  const prepare = steps.prepareLicence(application.id);
  // What was typed a moment ago belongs to what is prepared, whichever of the two would reach the server first.
  const step = useStep<undefined>(application.id, async (body, key) => {
    await marksSaved?.();
    return prepare(body, key);
  });
  const licence = offered(application, 'prepare_licence');
  const refuse = offered(application, 'prepare_refusal');
  const checklist = application.checklist ?? [];
  const count = (met: 'no' | 'unmarked') => checklist.filter((mark) => mark.met === met).length;
  const unmet = count('no');
  const why =
    licence?.blocked === 'checklist_not_done'
      ? t('act.licence.blocked', { all: checklist.length, no: unmet, unmarked: count('unmarked') })
      : blockedText(licence);
  const press = () =>
    step.run(undefined, { onSuccess: () => onDone('prepare_licence'), onError: (error) => void onConflict(error) });
  const prepareLicence = licence && (
    <Button key="licence" wide onClick={press} busy={step.isPending && t('act.licence.busy')} blocked={why}>
      {t('act.licence.do')}
    </Button>
  );
  // One filled button in the view: what the marks point to.
  const prepareRefusal =
    refuse &&
    (refuse.blocked ? (
      <Button key="refusal" wide variant="second" blocked={blockedText(refuse)}>
        {t('act.refuse.do')}
      </Button>
    ) : (
      <ButtonLink key="refusal" wide variant={unmet > 0 ? 'first' : 'second'} to={paths.workRefusal(application.id)}>
        {t('act.refuse.do')}
      </ButtonLink>
    ));
  return (
    <div className={styles.acts}>
      {!isConflict(step.error) && <ErrorNote error={step.error} />}
      {unmet > 0 ? [prepareRefusal, prepareLicence] : [prepareLicence, prepareRefusal]}
    </div>
  );
}
