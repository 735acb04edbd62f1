// Types of the texts, so that t('…') accepts only keys that exist. One line a namespace: add yours here when you add its three files.
import 'i18next';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    returnNull: false;
    resources: {
      common: typeof import('./ru/common.json');
      ui: typeof import('./ru/ui.json');
      errors: typeof import('./ru/errors.json');
      signing: typeof import('./ru/signing.json');
      home: typeof import('./ru/home.json');
      service: typeof import('./ru/service.json');
      directory: typeof import('./ru/directory.json');
      check: typeof import('./ru/check.json');
      session: typeof import('./ru/session.json');
      help: typeof import('./ru/help.json');
      process: typeof import('./ru/process.json');
      application: typeof import('./ru/application.json');
      cabinet: typeof import('./ru/cabinet.json');
      payment: typeof import('./ru/payment.json');
      authority: typeof import('./ru/authority.json');
      money: typeof import('./ru/money.json');
      signatures: typeof import('./ru/signatures.json');
    };
  }
}
