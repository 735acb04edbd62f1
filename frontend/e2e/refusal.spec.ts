import { fillAll, heading, start } from './steps/form';
import { assign, confirmComplete, markAll, openFromQueue, openToSign, register } from './steps/officials';
import { goToGateway, payByCard } from './steps/pay';
import { signIn } from './steps/people';
import { confirmAll, signWithProgram } from './steps/sign';
import { expect, test } from './story';
import { visit } from './visit';

// The director of an LLP signs everything through NCALayer; the authority refuses on two grounds, and says how to appeal.
test('an LLP is refused with two grounds', async ({ story, ncalayer }) => {
  const page = await story.browser();
  await ncalayer.start();
  await ncalayer.set('sign', 'director');
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Проверить программу' }).click();
  await expect(page.getByText(/^Программа запущена, версия/)).toBeVisible();
  await page.getByRole('button', { name: 'Войти через NCALayer' }).click();
  await expect(heading(page, 'От чьего имени вы будете действовать?')).toBeVisible();
  await page.getByRole('radio', { name: 'От организации: ТОО «Тест Клиника»' }).check();
  await visit(page, 'capacity');
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await expect(heading(page, 'Мои заявления')).toBeVisible();

  await start(page, 'entity', (name) => visit(page, `entity-${name}`));
  const own = ['contacts', 'staff', 'documents'];
  await fillAll(page, 'entity', async (section) => {
    if (own.includes(section)) await visit(page, `entity-form-${section}`);
  });
  await confirmAll(page);
  await visit(page, 'entity-review');
  await signWithProgram(page);
  await goToGateway(page);
  await payByCard(page, 'succeeds');
  await expect(heading(page, 'Заявление подано')).toBeVisible();
  const number = (await page.getByText(/^\d{2}-\d{4}-\d+$/).textContent()) ?? '';

  const chancery = await story.browser();
  await signIn(chancery, 'chancery');
  await openFromQueue(chancery, number);
  await register(chancery);
  const head = await story.browser();
  await signIn(head, 'head');
  await openFromQueue(head, number);
  await assign(head, 'executor-2');

  const executor = await story.browser();
  await signIn(executor, 'executor-2');
  await openFromQueue(executor, number);
  await confirmComplete(executor);
  await executor.getByRole('link', { name: 'Требования' }).click();
  await markAll(executor, /помещения или здания/);
  await executor.getByRole('link', { name: 'Подготовить отказ' }).click();
  await expect(heading(executor, 'Подготовить отказ')).toBeVisible();
  await executor.getByRole('button', { name: 'Передать на подпись руководителю' }).click();
  await expect(executor.getByRole('alert')).toContainText('Отметьте хотя бы одно основание');
  await visit(executor, 'work-refusal-empty');

  await executor.getByRole('checkbox', { name: /Деятельность запрещена законом/ }).check();
  await executor.getByLabel('Норма, устанавливающая запрет').fill('Закон «О разрешениях и уведомлениях», статья 32');
  await executor.getByLabel('Почему').fill('Организации этого вида такая деятельность не разрешена.');
  await executor.getByRole('checkbox', { name: /не соответствует квалификационным требованиям/ }).check();
  await executor.getByLabel('Какое требование').selectOption({ index: 1 });
  await executor.getByLabel('Почему').nth(1).fill('Срок договора аренды № 12 истёк.');
  await executor.getByLabel('Что исправить заявителю').nth(1).fill('Продлить договор аренды или заключить новый.');
  await visit(executor, 'work-refusal');
  await executor.getByRole('button', { name: 'Передать на подпись руководителю' }).click();
  await expect(executor.getByText('Отказ подготовлен и передан руководителю.')).toBeVisible();

  await ncalayer.set('sign', 'head');
  await openToSign(head, number);
  await expect(heading(head, 'Подписать отказ')).toBeVisible();
  await visit(head, 'work-decision-refusal');
  await signWithProgram(head);
  await expect(heading(head, 'Отказ подписан')).toBeVisible();

  await page.goto('/applications');
  await visit(page, 'applications-refused');
  await page.getByRole('listitem').filter({ hasText: number }).getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Основания отказа' })).toBeVisible();
  await expect(page.getByText('Организации этого вида такая деятельность не разрешена.')).toBeVisible();
  await expect(page.getByText('Срок договора аренды № 12 истёк.')).toBeVisible();
  await expect(page.getByText('Продлить договор аренды или заключить новый.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Если вы не согласны' })).toBeVisible();
  await visit(page, 'application-refused');
});
