import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReadConfig } from '@/api/config';
import { ApiError } from '@/api/problem';
import { Button } from '@/ui/Button';
import { PasswordField } from '@/ui/Field';
import { FileField } from '@/ui/FileField';
import { Icon } from '@/ui/Icon';
import { usePhone } from '@/ui/usePhone';
import { maxKeyFileBytes } from './keyFile';
import { ncalayerVersion } from './ncalayer';
import styles from './SignWays.module.css';
import { SigningError } from './signer';
import type { Way } from './useSigning';

export type SignWaysProps = {
  onStart: (way: Way) => void;
  /** The names of the two buttons; "sign through NCALayer" and "sign with the file" unless told. */
  ncalayerLabel?: string;
  keyFileLabel?: string;
  level?: 2 | 3;
};

/**
 * The two ways to sign, side by side: the national program, or a key file opened in this page. The first is the one that leads; on a phone, for
 * which there is no such program, it is the file.
 */
export function SignWays({ onStart, ncalayerLabel, keyFileLabel, level = 2 }: SignWaysProps) {
  const { t } = useTranslation('signing');
  const phone = usePhone();
  const Heading = `h${level}` as const;
  const ncalayer = (
    <section key="ncalayer" className={phone ? styles.way : `${styles.way} ${styles.first}`}>
      <Heading>{t('ways.ncalayer.title')}</Heading>
      {phone && <p>{t('ways.ncalayer.computerOnly')}</p>}
      <NCALayerState />
      <ol>
        <li>{t('ways.ncalayer.step1')}</li>
        <li>{t('ways.ncalayer.step2')}</li>
        <li>{t('ways.ncalayer.step3')}</li>
      </ol>
      <details className={styles.trouble}>
        <summary>{t('ways.ncalayer.trouble')}</summary>
        <p className="small">{t('ways.ncalayer.troubleText')}</p>
      </details>
      <div className={styles.act}>
        {/* Its own button for each width: one that turned from filled to outlined would fade, and be hard to read meanwhile. */}
        <Button
          key={String(phone)}
          wide
          variant={phone ? 'second' : 'first'}
          onClick={() => onStart({ kind: 'ncalayer' })}
        >
          {ncalayerLabel ?? t('button.ncalayer')}
        </Button>
      </div>
    </section>
  );
  const keyFile = (
    <section key="keyFile" className={phone ? `${styles.way} ${styles.first}` : styles.way}>
      <Heading>{t('ways.keyFile.title')}</Heading>
      <p>{t('ways.keyFile.text')}</p>
      <KeyFileForm label={keyFileLabel ?? t('button.keyFile')} leads={phone} onStart={onStart} />
    </section>
  );
  return <div className={styles.ways}>{phone ? [keyFile, ncalayer] : [ncalayer, keyFile]}</div>;
}

/** Why nothing is known of the program: it is silent, we do not know where it listens, or our own part of the page did not load. */
type NotFound = 'notRunning' | 'settingsUnread' | 'notChecked';

// Asked only when the person wishes: a page that knocks at a port by itself alarms both people and browsers.
function NCALayerState() {
  const { t } = useTranslation('signing');
  const readConfig = useReadConfig();
  const [found, setFound] = useState<{ version: string } | 'asking' | NotFound | undefined>();
  const ask = async () => {
    if (found === 'asking') return;
    setFound('asking');
    try {
      setFound({ version: await ncalayerVersion((await readConfig()).ncalayerUrl) });
    } catch (error) {
      setFound(
        error instanceof SigningError ? 'notRunning' : error instanceof ApiError ? 'settingsUnread' : 'notChecked',
      );
    }
  };
  let said: ReactNode = null;
  if (found === 'asking') said = t('ways.ncalayer.checking');
  else if (typeof found === 'string')
    said = (
      <span className={styles.bad}>
        <Icon name="bang" />
        {t(`ways.ncalayer.${found}`)}
      </span>
    );
  else if (found)
    said = (
      <span className={styles.good}>
        <Icon name="tick" />
        {t('ways.ncalayer.running', { version: found.version })}
      </span>
    );
  return (
    <div className={styles.state}>
      <span role="status">{said}</span>
      {/* It stays while it asks and when it has the answer: it has the focus. */}
      <button type="button" className="lnk" onClick={ask}>
        {t('ways.ncalayer.check')}
      </button>
    </div>
  );
}

type KeyFileFormProps = { label: string; leads: boolean; onStart: (way: Way) => void };

function KeyFileForm({ label, leads, onStart }: KeyFileFormProps) {
  const { t } = useTranslation('signing');
  const [file, setFile] = useState<File>();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  // Chosen, and then taken away with the drive on which it lies, or written anew.
  const [unread, setUnread] = useState<File>();
  const fileError = !file
    ? t('ways.keyFile.noFile')
    : file.size > maxKeyFileBytes
      ? t('ways.keyFile.tooLarge')
      : file === unread
        ? t('ways.keyFile.notRead')
        : undefined;
  const passwordError = password === '' ? t('ways.keyFile.noPassword') : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!file || file.size > maxKeyFileBytes || passwordError) return;
    let content: ArrayBuffer;
    try {
      content = await file.arrayBuffer();
    } catch {
      setUnread(file);
      return;
    }
    setUnread(undefined);
    onStart({ kind: 'keyFile', key: { bytes: new Uint8Array(content), password } });
  };
  return (
    <form className={styles.keyForm} onSubmit={submit} noValidate>
      <FileField
        label={t('ways.keyFile.label')}
        prompt={t('ways.keyFile.prompt')}
        accept=".p12,.pfx"
        chosen={file?.name}
        onFile={setFile}
        error={tried ? fileError : undefined}
      />
      <PasswordField
        label={t('ways.keyFile.password')}
        value={password}
        onChange={setPassword}
        error={tried ? passwordError : undefined}
      />
      <div className={styles.act}>
        <Button key={String(leads)} type="submit" variant={leads ? 'first' : 'second'} wide>
          {label}
        </Button>
      </div>
    </form>
  );
}
