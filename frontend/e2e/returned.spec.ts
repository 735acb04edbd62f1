import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { whileSilent } from './portal/silent';
import { signPrepared } from './steps/draft';
import { heading } from './steps/form';
import { assign, giveBack, openFromQueue, openToSign, reassign, register, signDecision } from './steps/officials';
import { goToGateway, numberOfFiled, payByCard } from './steps/pay';
import { signIn } from './steps/people';
import { expect, test } from './story';
import { visit } from './visit';

const remarks = 'Назовите недостающий документ так, как в пункте 9 Стандарта.';

// The documents are not complete, and the two working days still run: the executor, who has the file from another, proposes a refusal, the head
// returns it with remarks, then signs it. Anyone can check the letter, also a forged one, and also while the certification authority is silent.
test('a refusal within the two days, given back once', async ({ story }) => {
  const page = await story.browser();
  await signPrepared(page, 'sole-trader');
  await goToGateway(page);
  await payByCard(page, 'succeeds');
  const number = await numberOfFiled(page);

  const chancery = await story.browser();
  await signIn(chancery, 'chancery');
  await openFromQueue(chancery, number);
  await register(chancery);

  const head = await story.browser();
  await signIn(head, 'head');
  await openFromQueue(head, number);
  const file = head.url();
  await assign(head, 'executor-1');
  await reassign(head, 'executor-2', (name) => visit(head, `work-${name}`));

  const executor = await story.browser();
  await signIn(executor, 'executor-2');
  await openFromQueue(executor, number);
  await refuse(executor, 'Нет договора аренды помещения.');

  await head.goto(file);
  await giveBack(head, remarks, (name) => visit(head, `work-${name}`));

  await executor.reload();
  await expect(executor.getByRole('heading', { name: 'Руководитель вернул с замечаниями' })).toBeVisible();
  await expect(executor.getByText(remarks)).toBeVisible();
  await visit(executor, 'work-returned');
  await refuse(executor, 'Нет документа, подтверждающего право на помещение.', (name) =>
    visit(executor, `work-${name}`),
  );

  await openToSign(head, number);
  await signDecision(head);
  await expect(heading(head, 'Отказ подписан')).toBeVisible();

  await page.getByRole('link', { name: 'Открыть заявление' }).click();
  await expect(page.getByText('Нет документа, подтверждающего право на помещение.')).toBeVisible();
  await expect(page.getByText(remarks)).toHaveCount(0);
  await visit(page, 'application-refused-incomplete');
  await letters(page, number);
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Скачать PDF' }).click();
  await verdicts(page, readFileSync(await (await begun).path()));
});

/** What was written to the applicant meanwhile, as demo mode keeps it; an address in a letter leads to the application. */
async function letters(page: Page, number: string): Promise<void> {
  const application = page.url();
  await page.getByRole('link', { name: 'Письма' }).click();
  const letter = page.getByRole('article').filter({ hasText: `№ ${number}` });
  await expect(letter.first()).toBeVisible();
  await visit(page, 'letters');
  await letter.getByRole('link', { name: application }).first().click();
  await expect(page).toHaveURL(application);
}

async function refuse(page: Page, missing: string, look: (name: string) => Promise<void> = async () => {}) {
  await page.getByRole('link', { name: 'Отказать: неполный комплект' }).click();
  const ground = page.getByRole('checkbox', { name: /Неполный пакет документов/ });
  await ground.check();
  await page.getByLabel('Каких документов не хватает').fill(missing);
  await look('refusal-incomplete');
  await page.getByRole('button', { name: 'Передать на подпись руководителю' }).click();
  await expect(page.getByText('Отказ подготовлен и передан руководителю.')).toBeVisible();
}

/** What anyone is told about the letter: good, forged, not to be checked now, and about its signature by itself. */
async function verdicts(page: Page, letter: Buffer): Promise<void> {
  const forged = Buffer.from(letter);
  const at = forged.indexOf('/MediaBox');
  forged.write('/MediaFox', at, 'latin1');
  const show = async (label: string, buffer: Buffer) => {
    await page.getByLabel(label).setInputFiles({ name: 'otkaz.pdf', mimeType: 'application/pdf', buffer });
  };
  const says = (title: string) =>
    expect(page.getByRole('heading', { level: 2, name: title, exact: true })).toBeVisible();

  await page.goto('/check');
  await show('Файл PDF', letter);
  await says('Это отказ, он подлинный');
  await visit(page, 'check-refusal');
  await show('Файл PDF', forged);
  await says('Документу верить нельзя');
  await visit(page, 'check-forged');

  await page.goto('/signature');
  await visit(page, 'signature');
  await show('Подписанный файл', letter);
  await says('Подпись действительна');
  await visit(page, 'signature-good');
  await show('Подписанный файл', forged);
  await says('Подпись недействительна');
  await visit(page, 'signature-forged');

  await whileSilent(async () => {
    await show('Подписанный файл', letter);
    await says('Действительность подписи не подтверждена');
    await visit(page, 'signature-unknown');
    await page.goto('/check');
    await show('Файл PDF', letter);
    await says('Это отказ, он подлинный'); // what was kept at signing proves it, whoever answers today
  });
}
