import { useTranslation } from 'react-i18next';
import type { Application, RefusalGround } from '@/api/applications';
import { useService } from '@/api/service';
import { useText3 } from '@/i18n/text3';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { groundKey, groundNumber } from '../refusal/grounds';
import styles from './decision.module.css';

/** The grounds of a refusal in the executor's words (S10), after what else the page tells of the decision. */
export function Grounds({
  application,
  grounds,
  facts = [],
}: {
  application: Application;
  grounds: readonly RefusalGround[];
  facts?: readonly Fact[];
}) {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const service = useService(application.service, application.serviceVersion).data?.service;
  const each = grounds.map((ground) => {
    const requirement = service?.requirements.find((one) => one.id === ground.requirement);
    return {
      key: ground.code,
      term: t('decision.ground', { number: groundNumber(ground.code) }),
      value: (
        <>
          <b>{t(`ground.${groundKey(ground.code)}`)}</b>
          {requirement && <p>{text3(requirement.text)}</p>}
          {ground.basis && <p>{ground.basis}</p>}
          <p>{ground.reason}</p>
          {ground.remedy && (
            <p>
              <span className="quiet">{t('refusal.remedy')}:</span> {ground.remedy}
            </p>
          )}
        </>
      ),
    };
  });
  return (
    <div className={styles.proposal}>
      <SummaryList facts={[...facts, ...each]} layout="side" />
    </div>
  );
}
