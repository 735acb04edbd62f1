import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { AnswersView } from '@/ui/AnswersView';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import styles from './file.module.css';

/** The whole application as it was signed: who asks, then all answers by section. */
export function AnswersTab({ application, service }: { application: Application; service: DeclaredService }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { applicant, filedAt, invoice } = application;
  const facts: Fact[] = [
    { term: t(applicant.bin ? 'answers.entity' : 'answers.person'), value: applicant.name },
    ...(applicant.bin ? [{ term: t('answers.bin'), value: applicant.bin }] : []),
    ...(applicant.representative ? [{ term: t('answers.representative'), value: applicant.representative }] : []),
    { term: t('answers.iin'), value: applicant.iin },
    { term: t('answers.kind'), value: t(`applicantKind.${applicant.kind}`) },
    ...(filedAt ? [{ term: t('answers.filed'), value: format.moment(filedAt) }] : []),
    ...(invoice?.paidAt
      ? [{ term: t('answers.paid'), value: `${format.money(invoice.amount)}, ${format.moment(invoice.paidAt)}` }]
      : []),
  ];
  return (
    <div className="stack-7">
      <section>
        <h2 className={styles.heading}>{t('answers.applicant')}</h2>
        <SummaryList facts={facts} layout="tight" />
      </section>
      <AnswersView service={service} kind={applicant.kind} answers={application.answers} />
    </div>
  );
}
