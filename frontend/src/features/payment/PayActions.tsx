import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type Application, applicationKey, offered } from '@/api/applications';
import { ApiError } from '@/api/problem';
import { usePress } from '@/api/usePress';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { ErrorNote } from '@/ui/ErrorNote';
import { useErrorText } from '@/ui/useErrorText';
import { leaveFor } from './leave';
import { payAddress, useReopen } from './queries';

/** Pay, change the answers, or leave it for later; only what the application offers now. */
export function PayActions({ application, label }: { application: Application; label: string }) {
  const { t } = useTranslation('payment');
  const { id } = application;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const reopen = useReopen(id);
  const press = usePress();
  const pay = useMutation({
    mutationFn: async () => {
      const here = window.location.pathname;
      const address = await press(undefined, (key) => payAddress(id, key));
      // Who has gone on to another page meanwhile is not taken away from it; the same press can be made again.
      if (window.location.pathname === here) leaveFor(address);
    },
    onError: (error) => {
      // Another rate, another invoice, paid meanwhile: what is shown is no longer so.
      if (error instanceof ApiError && error.status === 409)
        void queries.invalidateQueries({ queryKey: applicationKey(id) });
    },
  });
  // Back from the gateway the browser may show the very page that was left, with the press that led away from it.
  const { reset } = pay;
  useEffect(() => {
    const back = (event: PageTransitionEvent) => event.persisted && reset();
    window.addEventListener('pageshow', back);
    return () => window.removeEventListener('pageshow', back);
  }, [reset]);
  const payOffer = offered(application, 'pay');
  const reopenOffer = offered(application, 'reopen');
  return (
    <div className="stack-5 after-text">
      <ErrorNote error={pay.error} />
      <div className="actions">
        {payOffer && (
          <Button
            size="big"
            // The page is being left: the button stays busy until it is gone.
            busy={(pay.isPending || pay.isSuccess) && t('before.busy')}
            blocked={payOffer.blocked && errorText(payOffer.blocked).title}
            onClick={() => pay.mutate()}
          >
            {label}
          </Button>
        )}
        <ButtonLink variant="link" to={paths.application(id)}>
          {t('toApplication')}
        </ButtonLink>
      </div>
      <p className="quiet small">{t('before.gateway')}</p>
      {reopenOffer && !reopenOffer.blocked && (
        <ConfirmAction
          label={t('reopen.open')}
          variant="link"
          title={t('reopen.title')}
          confirm={t('reopen.yes')}
          keep={t('reopen.no')}
          busy={t('reopen.busy')}
          stop={false}
          act={async () => {
            await reopen.mutateAsync(undefined);
            await navigate(paths.form(id));
          }}
        >
          <p>{t('reopen.text')}</p>
        </ConfirmAction>
      )}
    </div>
  );
}
