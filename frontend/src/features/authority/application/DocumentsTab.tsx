import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Application, attachmentAddress, fileAddress } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { FileList, type ListedFile } from '@/ui/FileList';
import { useFormat } from '@/ui/useFormat';
import { FilePreview } from './FilePreview';
import styles from './file.module.css';

type Open = { key: string; name: string; href: string; picture: boolean };

/** Every paper of the application: what was filed, what the portal made, and the scans. PDFs and pictures open in the page. */
export function DocumentsTab({ application, service }: { application: Application; service: DeclaredService }) {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const format = useFormat();
  const [open, setOpen] = useState<Open>();
  const { id } = application;

  const look = (file: Open) => (
    <Button
      variant="link"
      size="dense"
      aria-expanded={open?.key === file.key}
      onClick={() => setOpen(open?.key === file.key ? undefined : file)}
    >
      {open?.key === file.key ? t('documents.hide') : t('documents.look')} <span className="vh">— {file.name}</span>
    </Button>
  );
  const paper = (file: Parameters<typeof fileAddress>[1], name: string, meta: string): ListedFile => ({
    key: file,
    name,
    meta,
    action: (
      <span className="actions">
        {file !== 'request.asice' && look({ key: file, name, href: fileAddress(id, file, true), picture: false })}
        <Save href={fileAddress(id, file)} name={name} />
      </span>
    ),
  });
  const papers: ListedFile[] = [
    ...(application.signature
      ? [
          paper('request.pdf', t('documents.request'), 'PDF'),
          paper('request.asice', t('documents.container'), t('documents.containerMeta')),
        ]
      : []),
    ...(application.filedAt ? [paper('receipt.pdf', t('documents.receipt'), 'PDF')] : []),
    ...(application.invoice?.paidAt ? [paper('payment-receipt.pdf', t('documents.payment'), 'PDF')] : []),
    ...(application.result
      ? [
          paper(
            'result.pdf',
            t(application.result.kind === 'licence' ? 'documents.licence' : 'documents.refusal'),
            'PDF',
          ),
        ]
      : []),
  ];
  const slots = service.sections.flatMap((section) => section.slots ?? []);
  const scans: ListedFile[] = application.attachments.map((scan) => {
    const slot = slots.find((one) => one.id === scan.slot);
    const kind = scan.mime === 'application/pdf' ? 'PDF' : scan.mime === 'image/png' ? 'PNG' : 'JPEG';
    const href = attachmentAddress(id, scan.id);
    return {
      key: scan.id,
      name: scan.name,
      meta: [slot && text3(slot.title), kind, format.bytes(scan.size)].filter(Boolean).join(' · '),
      action: (
        <span className="actions">
          {look({ key: scan.id, name: scan.name, href: `${href}?inline=1`, picture: scan.mime.startsWith('image/') })}
          <Save href={href} name={scan.name} />
        </span>
      ),
    };
  });
  return (
    <div className="stack-7">
      <section>
        <h2 className={styles.heading}>{t('documents.papers')}</h2>
        <FileList files={papers} />
      </section>
      <section>
        <h2 className={styles.heading}>{t('documents.scans')}</h2>
        {scans.length > 0 ? <FileList files={scans} /> : <p>{t('documents.noScans')}</p>}
      </section>
      {open && (
        <FilePreview
          key={open.key}
          name={open.name}
          href={open.href}
          picture={open.picture}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

function Save({ href, name }: { href: string; name: string }) {
  const { t } = useTranslation('ui');
  return (
    <a href={href} download>
      {t('file.get')} <span className="vh">— {name}</span>
    </a>
  );
}
