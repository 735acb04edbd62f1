import { useTranslation } from 'react-i18next';
import { type Application, attachmentAddress, fileAddress } from '@/api/applications';
import { FileList, type ListedFile } from '@/ui/FileList';
import { useFormat } from '@/ui/useFormat';

/** The papers of an application: what was signed, what was received, what was attached. */
export function Documents({ application }: { application: Application }) {
  const { t } = useTranslation('cabinet');
  const format = useFormat();
  const { id, signature, filedAt, invoice, attachments, result } = application;
  const day = (moment: string) => format.date(moment, { year: false });
  const files: (ListedFile | undefined)[] = [
    result && {
      key: 'result',
      name: result.kind === 'licence' ? t('files.licence') : t('files.refusal'),
      meta: `PDF, ${day(result.signedAt)}`,
      href: fileAddress(id, 'result.pdf'),
      download: true,
    },
    result && {
      key: 'archive',
      name: t('files.archive'),
      meta: t('files.archiveMeta'),
      href: fileAddress(id, 'result-archive.pdf'),
      download: true,
    },
    signature && {
      key: 'request',
      name: t('files.request'),
      meta: `PDF, ${day(signature.signedAt)}`,
      href: fileAddress(id, 'request.pdf'),
      download: true,
    },
    filedAt
      ? {
          key: 'receipt',
          name: t('files.receipt'),
          meta: `PDF, ${day(filedAt)}`,
          href: fileAddress(id, 'receipt.pdf'),
          download: true,
        }
      : undefined,
    invoice?.state === 'paid'
      ? {
          key: 'payment',
          name: t('files.payment', { amount: format.money(invoice.amount) }),
          meta: invoice.paidAt ? `PDF, ${day(invoice.paidAt)}` : 'PDF',
          href: fileAddress(id, 'payment-receipt.pdf'),
          download: true,
        }
      : undefined,
    signature && {
      key: 'container',
      name: t('files.container'),
      meta: t('files.containerMeta'),
      href: fileAddress(id, 'request.asice'),
      download: true,
    },
    ...attachments.map((file) => ({
      key: file.id,
      name: file.name,
      meta: `${kindOf(file.mime)}, ${format.bytes(file.size)}`,
      href: attachmentAddress(id, file.id),
      download: true,
    })),
  ];
  const shown = files.filter((file) => file !== undefined);
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>{t('files.title')}</h2>
      <div className="after-title">
        <FileList files={shown} />
      </div>
    </section>
  );
}

const kindOf = (mime: string) => (mime.split('/')[1] ?? mime).toUpperCase();
