import '@/ui/styles/fonts.css';
import '@/ui/styles/tokens.css';
import '@mantine/core/styles/default-css-variables.css';
import '@/ui/styles/components.css';
import '@/ui/styles/portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { makeQueryClient } from '@/api/queryClient';
import { startTexts } from '@/i18n/i18n';
import { restorePrint } from './print';
import { Providers } from './providers';
import { routes } from './routes';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');

restorePrint();
await startTexts();
createRoot(root).render(
  <StrictMode>
    <Providers queries={makeQueryClient()}>
      <RouterProvider router={createBrowserRouter(routes)} />
    </Providers>
  </StrictMode>,
);
