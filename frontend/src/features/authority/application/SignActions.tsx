import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { offered } from '@/api/applications';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import type { ActionProps } from './actionProps';
import { useBlockedText } from './blockedText';
import styles from './file.module.css';
import { ReturnForm } from './ReturnForm';

/** The head reads and signs, or returns with remarks (R5.5). */
export function SignActions(props: ActionProps) {
  const { application } = props;
  const { t } = useTranslation('authority');
  const blockedText = useBlockedText();
  const [returning, setReturning] = useState(false);
  const sign = offered(application, 'sign_result');
  const back = offered(application, 'return');
  return (
    <div className={styles.acts}>
      {sign &&
        (sign.blocked ? (
          <Button wide blocked={blockedText(sign)}>
            {t('act.sign.do')}
          </Button>
        ) : (
          <ButtonLink wide to={paths.workDecision(application.id)}>
            {t('act.sign.do')}
          </ButtonLink>
        ))}
      {back && (
        <Button
          wide
          variant="second"
          blocked={blockedText(back)}
          aria-expanded={returning}
          onClick={() => setReturning(!returning)}
        >
          {t('act.return.open')}
        </Button>
      )}
      {back && returning && <ReturnForm {...props} />}
    </div>
  );
}
