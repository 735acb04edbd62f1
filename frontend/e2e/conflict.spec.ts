import type { Page } from '@playwright/test';
import { signPrepared } from './steps/draft';
import { assign, openFromQueue, reassign } from './steps/officials';
import { goToGateway, numberOfFiled, payByCard } from './steps/pay';
import { signIn } from './steps/people';
import { expect, type Story, test } from './story';
import { visit } from './visit';

// Two officials have the same application open, and both press: one step is done, the other press is answered with what has happened.
test('two officials press at once', async ({ story }) => {
  const number = await file(story);
  story.watch.expect(/the server responded with a status of (403|409)/, /net::ERR_FAILED/);

  const chancery = await both(story, 'chancery', number);
  await press(chancery, 'Зарегистрировать');
  await oneIsTold(chancery, 'Заявление у руководителя.', 'Назначить исполнителя', 'work-conflict-register');

  // What the slower one has typed is not lost with his press.
  const [first, second] = await both(story, 'head', number);
  await second.getByRole('radio').last().check();
  await second.getByLabel('Резолюция').fill('Моя резолюция, которая опоздала.');
  await assign(first, 'executor-1');
  await second.getByRole('button', { name: 'Назначить исполнителя' }).click();
  await conflict(second);
  await expect(second.getByRole('alert').getByText('Моя резолюция, которая опоздала.')).toBeVisible();
  await expect(second.getByRole('heading', { name: 'Проверить полноту документов' })).toBeVisible();
  await visit(second, 'work-conflict-assign');

  // Two executors: he from whom the head has just taken the application has not looked at it since.
  const [taken, given] = [await story.browser(), await story.browser()] as const;
  await signIn(taken, 'executor-1');
  await openFromQueue(taken, number);
  const unseen = '**/api/applications/*';
  await taken.route(unseen, (route) => route.abort());
  await reassign(first, 'executor-2');
  await signIn(given, 'executor-2');
  await openFromQueue(given, number);
  await press([taken, given], 'Документы полные');
  await expect(given.getByText('Документы признаны полными. Отметьте требования.')).toBeVisible();
  await expect(taken.getByText('Этот шаг выполняет другой человек').or(taken.getByText(overtaken))).toBeVisible();
  await taken.unroute(unseen);
  await visit(taken, 'work-conflict-check');
});

type Pair = readonly [Page, Page];

async function both(story: Story, who: 'chancery' | 'head', number: string): Promise<Pair> {
  const pages = [await story.browser(), await story.browser()] as const;
  for (const page of pages) {
    await signIn(page, who);
    await openFromQueue(page, number);
  }
  return pages;
}

async function press(pages: Pair, button: string): Promise<void> {
  await Promise.all(pages.map((page) => page.getByRole('button', { name: button }).click()));
}

const overtaken = 'Этот шаг уже сделал другой сотрудник';

async function conflict(page: Page): Promise<void> {
  await expect(page.getByRole('alert').filter({ hasText: overtaken })).toBeVisible();
  await expect(page.getByText('Ваше действие не выполнено.')).toBeVisible();
}

/** One of the two is told that the step is done, the other that a colleague was faster; both see the next step. */
async function oneIsTold(pages: Pair, done: string, next: string, name: string): Promise<void> {
  let told: Page | undefined;
  for (const page of pages) {
    await expect(page.getByText(done).or(page.getByText(overtaken))).toBeVisible();
    await expect(page.getByRole('heading', { name: next })).toBeVisible();
    if (await page.getByText(overtaken).isVisible()) {
      expect(told, 'both were told of a conflict').toBeUndefined();
      told = page;
    }
  }
  if (!told) throw new Error('nobody was told of the conflict');
  await conflict(told);
  await visit(told, name);
}

async function file(story: Story): Promise<string> {
  const page = await story.browser();
  await signPrepared(page, 'person');
  await goToGateway(page);
  await payByCard(page, 'succeeds');
  return numberOfFiled(page);
}
