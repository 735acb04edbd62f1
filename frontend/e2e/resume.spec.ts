import { address } from './steps/answers';
import { heading, sections, start } from './steps/form';
import { signIn } from './steps/people';
import { expect, test } from './story';
import { visit } from './visit';

// A draft is left in the middle and taken up in another browser: everything typed is there, and it leads to where one was.
test('a draft is resumed in another browser', async ({ story }) => {
  const page = await story.browser();
  await signIn(page, 'sole-trader');
  await start(page, 'sole-trader');
  await sections.licensor(page);
  await page.getByRole('button', { name: 'Сохранить и продолжить' }).click();
  await expect(heading(page, 'Заявитель и контакты')).toBeVisible();
  const own = new URL(page.url()).pathname.replace(/\/form\/.*$/, '');
  await sections.contacts(page, 'sole-trader');
  // Half a section, and a mistake in it: an unfinished draft is saved too.
  await page.getByLabel('Телефон', { exact: true }).fill('123');
  await page.getByLabel('Электронная почта').fill('');
  await expect(page.getByText(/^Черновик сохранён в /).first()).toBeVisible();
  await page.context().close();

  const other = await story.browser();
  await signIn(other, 'sole-trader');
  const draft = other.getByRole('listitem').filter({ has: other.locator(`a[href^="${own}"]`) });
  await expect(draft.getByText('Черновик, не подано')).toBeVisible();
  await visit(other, 'applications-draft');
  await draft.getByRole('link').click();
  await expect(heading(other, 'Заявитель и контакты')).toBeVisible();
  const home = other.getByRole('group', { name: 'Адрес местожительства физического лица' });
  for (const [label, value] of Object.entries(address)) await expect(home.getByLabel(label)).toHaveValue(value);
  await expect(other.getByLabel('Телефон', { exact: true })).toHaveValue('123');
  await other.getByRole('button', { name: 'Сохранить и продолжить' }).click();
  await expect(other.getByRole('alert')).toContainText('Электронная почта');
  await visit(other, 'form-contacts-refused');

  // The card of the service leads to the same draft, not to a second one.
  await start(other, 'sole-trader');
  await expect(heading(other, 'Заявитель и контакты')).toBeVisible();
  await other.goto('/applications');
  await expect(other.getByRole('listitem').filter({ hasText: 'Черновик' })).toHaveCount(1);

  // Whoever thinks better of it leaves nothing behind.
  await draft.getByRole('link').click();
  await other.getByRole('link', { name: 'Проверка и подпись' }).click();
  await visit(other, 'review-unfinished');
  await other.getByRole('button', { name: 'Удалить черновик' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Удалить черновик' }).click();
  await expect(heading(other, 'Мои заявления')).toBeVisible();
  await expect(draft).toHaveCount(0);
});
