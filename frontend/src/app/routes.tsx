/*
 * The table of contents of the portal: one line a page, grouped by who may open it.
 *
 * To add a page:
 *  1. its address in paths.ts;
 *  2. src/features/<x>/<Name>Page.tsx with a named export of the same name; it starts with <DocumentTitle> and an <h1>;
 *  3. one line below, under the frame of its reader: page(address, () => import('…'), 'NamePage'). It is loaded when first opened;
 *  4. its texts in src/i18n/{kk,ru,en}/<namespace>.json, and the namespace in src/i18n/resources.d.ts;
 *  5. what it reads and changes in src/features/<x>/queries.ts, by `answer(api.GET(…))` of src/api/client.ts.
 * A feature imports src/ui, src/api, src/i18n, src/signing and app/paths.ts, never another feature; biome holds that.
 */
import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';
import { ErrorAlone, ErrorPage } from './ErrorPage';
import { OfficialsFrame } from './frame/OfficialsFrame';
import { PublicFrame } from './frame/PublicFrame';
import { NotFoundPage } from './NotFoundPage';
import { RefusedPage } from './RefusedPage';
import { RequireCapacity } from './RequireCapacity';

/** A page of its own chunk. The name is checked against the module by the compiler. */
function page<N extends string>(path: string, load: () => Promise<Record<N, ComponentType>>, name: N): RouteObject {
  return { path, lazy: async () => ({ Component: (await load())[name] }) };
}

/** The pages of a frame: one that breaks is told of inside it. */
const held = (children: RouteObject[]): RouteObject[] => [{ errorElement: <ErrorPage />, children }];

export const routes: RouteObject[] = [
  {
    errorElement: <ErrorAlone />,
    // Nothing is drawn on the server, so nothing stands in while the first page loads.
    hydrateFallbackElement: <span />,
    children: [
      // No page has such an address: the server sends one here when it does not hand out a document.
      { path: '/api/*', element: <RefusedPage /> },
      {
        element: <PublicFrame />,
        children: held([
          // Anyone
          page('/', () => import('@/features/catalog/HomePage'), 'HomePage'),
          page('/services/medical-activity', () => import('@/features/catalog/ServicePage'), 'ServicePage'),
          page('/check', () => import('@/features/licences/CheckPage'), 'CheckPage'),
          page('/check/:number', () => import('@/features/licences/CheckPage'), 'CheckPage'),
          page('/signature', () => import('@/features/signatures/SignaturePage'), 'SignaturePage'),
          page('/directory', () => import('@/features/directory/DirectoryPage'), 'DirectoryPage'),
          page('/process', () => import('@/features/catalog/ProcessPage'), 'ProcessPage'),
          page('/help', () => import('@/features/help/HelpPage'), 'HelpPage'),
          page('/accessibility', () => import('@/features/help/AccessibilityPage'), 'AccessibilityPage'),
          page('/privacy', () => import('@/features/help/PrivacyPage'), 'PrivacyPage'),
          page('/rules', () => import('@/features/help/RulesPage'), 'RulesPage'),
          page('/sign-in', () => import('@/features/session/SignInPage'), 'SignInPage'),
          page('/demo/mail', () => import('@/features/demo/MailPage'), 'MailPage'),
          { path: '*', element: <NotFoundPage /> },
          {
            // The applicant
            element: <RequireCapacity capacities={['person', 'entity']} />,
            children: [
              page('/applications', () => import('@/features/cabinet/ApplicationsPage'), 'ApplicationsPage'),
              page('/applications/new', () => import('@/features/application/StartPage'), 'StartPage'),
              page('/applications/:id', () => import('@/features/cabinet/ApplicationPage'), 'ApplicationPage'),
              {
                // One draft: what is typed and the scans on their way outlive the step from section to section.
                lazy: async () => ({ Component: (await import('@/features/application/DraftFrame')).DraftFrame }),
                children: [
                  page('/applications/:id/form', () => import('@/features/application/FormPage'), 'FormPage'),
                  page('/applications/:id/form/:section', () => import('@/features/application/FormPage'), 'FormPage'),
                  page('/applications/:id/review', () => import('@/features/application/ReviewPage'), 'ReviewPage'),
                ],
              },
              page('/applications/:id/payment', () => import('@/features/payment/PaymentPage'), 'PaymentPage'),
              page('/applications/:id/receipt', () => import('@/features/payment/ReceiptPage'), 'ReceiptPage'),
              page('/applications/:id/filed', () => import('@/features/application/FiledPage'), 'FiledPage'),
              page('/licences', () => import('@/features/cabinet/LicencesPage'), 'LicencesPage'),
              page('/payments', () => import('@/features/payment/MyPaymentsPage'), 'MyPaymentsPage'),
            ],
          },
        ]),
      },
      {
        // Officials
        element: <OfficialsFrame />,
        children: held([
          {
            element: <RequireCapacity capacities={['official']} />,
            children: [
              page('/work', () => import('@/features/authority/queue/WorkPage'), 'WorkPage'),
              page('/work/to-sign', () => import('@/features/authority/decision/ToSignPage'), 'ToSignPage'),
              page('/work/money', () => import('@/features/payment/MoneyPage'), 'MoneyPage'),
              page('/work/journal', () => import('@/features/authority/journal/JournalPage'), 'JournalPage'),
              page(
                '/work/:id',
                () => import('@/features/authority/application/WorkApplicationPage'),
                'WorkApplicationPage',
              ),
              page('/work/:id/refusal', () => import('@/features/authority/refusal/RefusalPage'), 'RefusalPage'),
              page('/work/:id/decision', () => import('@/features/authority/decision/DecisionPage'), 'DecisionPage'),
            ],
          },
        ]),
      },
    ],
  },
];
