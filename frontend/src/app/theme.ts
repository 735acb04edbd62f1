import { type CSSVariablesResolver, createTheme } from '@mantine/core';

// The values are those of the design (tokens.css); Mantine only learns where to find them.
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: 7,
  colors: {
    teal: [
      '#e5f0ef',
      '#cfe3e1',
      '#9cc3c0',
      '#6fa8a5',
      '#468d8b',
      '#257474',
      '#126566',
      '#0b5a5b',
      '#084647',
      '#063536',
    ],
  },
  black: '#13211f',
  white: '#ffffff',
  fontFamily: 'var(--font-read)',
  fontFamilyMonospace: 'var(--font-code)',
  headings: {
    fontFamily: 'var(--font-title)',
    fontWeight: '700',
    sizes: { h1: { fontSize: '2.375rem' }, h2: { fontSize: '1.625rem' }, h3: { fontSize: '1.1875rem' } },
  },
  fontSizes: { xs: '.875rem', sm: '1rem', md: '1.125rem', lg: '1.3125rem' },
  lineHeights: { md: '1.5' },
  radius: { xs: '2px', sm: '3px', md: '4px' },
  defaultRadius: 'sm',
  spacing: { xs: '.5rem', sm: '.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  breakpoints: { sm: '45em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // One focus ring for everything: the global rule of components.css.
  focusRing: 'never',
  shadows: { md: 'var(--shadow-float)' },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: {},
  light: {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-quiet)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--line-field)',
  },
});
