import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import styles from './MailPage.module.css';

// Letters are written a little after what they tell of.
const refetchEveryMs = 5_000;

/** The letters that demo mode keeps instead of sending (product.md §7). */
export function MailPage() {
  const { t } = useTranslation();
  const mail = useQuery({
    queryKey: ['demo-mail'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/demo/mail', { signal }))).letters,
    refetchInterval: refetchEveryMs,
  });
  return (
    <div className="measure">
      <DocumentTitle title={t('letters.title')} />
      <h1>{t('letters.title')}</h1>
      <p className="lead after-title">{t('letters.lead')}</p>
      {mail.isPending && <Loading />}
      <ErrorNote error={mail.error} onRetry={() => mail.refetch()} />
      {mail.data?.length === 0 && (
        <div className="after-text">
          <EmptyState title={t('letters.empty')}>{t('letters.emptyText')}</EmptyState>
        </div>
      )}
      {mail.data?.map((letter) => (
        <Letter key={letter.id} letter={letter} />
      ))}
    </div>
  );
}

function Letter({ letter }: { letter: components['schemas']['Letter'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <article className={styles.letter}>
      <h2>{letter.subject}</h2>
      <p className="quiet small">
        {t('letters.to', { to: letter.to })} · <time dateTime={letter.at}>{format.moment(letter.at)}</time>
      </p>
      <p className={styles.text}>
        <WithLinks text={letter.text} />
      </p>
    </article>
  );
}

/** The addresses in a letter can be pressed, as in a program that reads mail. */
function WithLinks({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a letter keep their order
    <Fragment key={at}>{at % 2 === 1 ? <a href={part}>{part}</a> : part}</Fragment>
  ));
}
