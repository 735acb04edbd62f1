import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { ApiError, toApiError } from '@/api/problem';
import { renderPart } from '@/testing/renderApp';
import { Button } from './Button';
import { CheckField, RadioGroup } from './Choice';
import { ConfirmAction } from './ConfirmAction';
import { Dialog } from './Dialog';
import { ErrorNote } from './ErrorNote';
import { ErrorSummary } from './ErrorSummary';
import { DateField, readDate, SelectField, TextField } from './Field';
import { FileField } from './FileField';
import { NormMeter } from './NormMeter';
import { type ApplicationState, StatusTag } from './StatusTag';
import { Toast } from './Toast';

describe('Button', () => {
  it('does its act', async () => {
    const act = vi.fn();
    const { user } = await renderPart(<Button onClick={act}>Подписать</Button>);
    await user.click(screen.getByRole('button', { name: 'Подписать' }));
    expect(act).toHaveBeenCalledOnce();
  });

  it('says its verb while busy and cannot be pressed twice', async () => {
    const act = vi.fn();
    const { user } = await renderPart(
      <Button onClick={act} busy="Подписываем…">
        Подписать
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Подписываем…' });
    await user.click(button);
    expect(act).not.toHaveBeenCalled();
    expect(button).toHaveAttribute('aria-disabled', 'true');
  });

  it('stays in the tab order when blocked, and says why', async () => {
    const act = vi.fn();
    const { user } = await renderPart(
      <Button onClick={act} blocked="Два рабочих дня прошли">
        Отказать
      </Button>,
    );
    await user.tab();
    const button = screen.getByRole('button', { name: 'Отказать' });
    expect(button).toHaveFocus();
    expect(button).toHaveAccessibleDescription('Два рабочих дня прошли');
    await user.keyboard('{Enter}');
    expect(act).not.toHaveBeenCalled();
  });

  it('blocked, does not send the form it stands in', async () => {
    const send = vi.fn((event: React.FormEvent) => event.preventDefault());
    const { user } = await renderPart(
      <form onSubmit={send}>
        <Button type="submit" blocked="нельзя">
          Дальше
        </Button>
      </form>,
    );
    await user.click(screen.getByRole('button', { name: 'Дальше' }));
    expect(send).not.toHaveBeenCalled();
  });
});

function DateForm({ onSeen }: { onSeen: (value: string) => void }) {
  const [value, setValue] = useState('');
  return (
    <DateField
      label="Дата"
      value={value}
      onChange={(next) => {
        onSeen(next);
        setValue(next);
      }}
    />
  );
}

describe('fields', () => {
  it('tie label, hint and error to the input', async () => {
    await renderPart(
      <TextField label="Кадастровый номер" hint="15 знаков" error="Впишите номер" value="" onChange={() => {}} />,
    );
    const input = screen.getByLabelText('Кадастровый номер');
    expect(input).toBeInvalid();
    expect(input).toHaveAccessibleDescription(/15 знаков.*Впишите номер|Впишите номер.*15 знаков/);
  });

  it('say "optional" and never "required"', async () => {
    await renderPart(<TextField label="Факс" optional value="" onChange={() => {}} />);
    expect(screen.getByLabelText('Факс (необязательно)')).toBeInTheDocument();
  });

  it('select shows an empty line only when there may be no value', async () => {
    const change = vi.fn();
    const { user } = await renderPart(
      <SelectField
        label="Орган"
        placeholder="Выберите"
        value=""
        onChange={change}
        options={[{ value: '13', label: 'СКО' }]}
      />,
    );
    await user.selectOptions(screen.getByLabelText('Орган'), 'СКО');
    expect(change).toHaveBeenCalledWith('13');
  });

  it.each([
    ['26.11.2026', '2026-11-26'],
    ['1/2/2024', '2024-02-01'],
    ['31.02.2026', '31.02.2026'],
    ['завтра', 'завтра'],
    ['', ''],
  ])('a date typed as %s is %s', (typed, value) => {
    expect(readDate(typed)).toBe(value);
  });

  it('DateField keeps what is typed on the screen and hands over YYYY-MM-DD', async () => {
    const seen: string[] = [];
    const { user } = await renderPart(<DateForm onSeen={(value) => seen.push(value)} />);
    await user.type(screen.getByLabelText('Дата'), '5.1.2026');
    expect(screen.getByLabelText('Дата')).toHaveValue('5.1.2026');
    expect(seen.at(-1)).toBe('2026-01-05');
  });

  it('a radio group names its error', async () => {
    const change = vi.fn();
    const { user } = await renderPart(
      <RadioGroup
        legend="Нужна копия?"
        error="Выберите ответ"
        options={[{ value: 'no', label: 'Нет' }]}
        value=""
        onChange={change}
      />,
    );
    expect(screen.getByRole('radiogroup', { name: 'Нужна копия?' })).toHaveAccessibleDescription('Выберите ответ');
    await user.click(screen.getByRole('radio', { name: 'Нет' }));
    expect(change).toHaveBeenCalledWith('no');
  });

  it('a statement is ticked by its words', async () => {
    const change = vi.fn();
    const { user } = await renderPart(<CheckField label="Сведения верны" checked={false} onChange={change} />);
    await user.click(screen.getByText('Сведения верны'));
    expect(change).toHaveBeenCalledWith(true);
  });

  it('a file can be chosen again after it was refused', async () => {
    const take = vi.fn();
    const { user } = await renderPart(<FileField label="Файл" prompt="Выберите" onFile={take} />);
    const file = new File(['x'], 'a.pdf', { type: 'application/pdf' });
    await user.upload(screen.getByLabelText(/Файл/), file);
    await user.upload(screen.getByLabelText(/Файл/), file);
    expect(take).toHaveBeenCalledTimes(2);
  });
});

describe('ErrorSummary', () => {
  it('takes the focus, counts and leads to the field', async () => {
    const { user } = await renderPart(
      <>
        <ErrorSummary entries={[{ fieldId: 'year', text: 'Год позже сегодняшнего' }, { text: 'Нет файла' }]} />
        <TextField id="year" label="Год" value="" onChange={() => {}} />
      </>,
    );
    expect(screen.getByRole('alert')).toHaveFocus();
    expect(screen.getByRole('heading', { name: 'Есть 2 ошибки' })).toBeInTheDocument();
    await user.click(screen.getByRole('link', { name: 'Год позже сегодняшнего' }));
    expect(screen.getByLabelText('Год')).toHaveFocus();
  });

  it('is absent when nothing is wrong', async () => {
    await renderPart(<ErrorSummary entries={[]} />);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

// The words of design/README, "Words for each state".
const words: Record<Exclude<ApplicationState, 'licence_prepared' | 'refusal_prepared'>, [string, string, string]> = {
  draft: ['Толтырылып жатыр', 'Черновик, не подано', 'Draft, not filed'],
  awaiting_payment: ['Төлемді күтуде', 'Ждёт оплаты', 'Waiting for payment'],
  filed: ['Берілді, тіркеуді күтуде', 'Подано, ждёт регистрации', 'Filed, waiting to be registered'],
  registered: [
    'Тіркелді, орындаушы тағайындалуда',
    'Зарегистрировано, назначается исполнитель',
    'Registered, officer being named',
  ],
  assigned: [
    'Құжаттардың толықтығы тексерілуде',
    'Проверяется комплект документов',
    'Checking that documents are complete',
  ],
  in_review: [
    'Талаптарға сәйкестігі тексерілуде',
    'Проверяется соответствие требованиям',
    'Being checked against the requirements',
  ],
  decision_prepared: ['Шешімге қол қойылуда', 'Решение на подписи', 'Decision waiting for signature'],
  issued: ['Лицензия берілді', 'Лицензия выдана', 'Licence issued'],
  refused: ['Бас тартылды', 'Отказано', 'Refused'],
  withdrawn: ['Өзіңіз қайтарып алдыңыз', 'Отозвано вами', 'Withdrawn by you'],
};

describe('StatusTag', () => {
  it.each(['kk', 'ru', 'en'] as const)('uses the agreed words in %s', async (language) => {
    const states = Object.keys(words) as (keyof typeof words)[];
    await renderPart(states.map((state) => <StatusTag key={state} state={state} />) as unknown as React.ReactElement, {
      language,
    });
    const at = { kk: 0, ru: 1, en: 2 }[language];
    for (const state of states) expect(screen.getByText(words[state][at] ?? '')).toBeInTheDocument();
  });

  it('does not tell a prepared refusal from a prepared licence', async () => {
    const { container } = await renderPart(<StatusTag state="refusal_prepared" />);
    const refusal = container.innerHTML;
    const other = await renderPart(<StatusTag state="licence_prepared" />);
    expect(other.container.innerHTML).toBe(refusal);
  });
});

describe('messages', () => {
  it('a refusal is told by the text of its code', async () => {
    await renderPart(
      <ErrorNote error={new ApiError({ code: 'draft_changed_elsewhere', status: 409, requestId: 'r-1' })} />,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('Этот черновик изменили в другом окне');
    expect(screen.getByText('Номер запроса: r-1')).toBeInTheDocument();
  });

  it('an unknown code is never shown raw', async () => {
    await renderPart(<ErrorNote error={toApiError({ code: 'pq_23505', status: 500 }, 500)} />);
    expect(screen.getByRole('alert')).toHaveTextContent('Ошибка на нашей стороне');
    expect(screen.queryByText(/23505/)).not.toBeInTheDocument();
  });

  it('a message of something undone goes by itself, but waits while it has the focus', async () => {
    vi.useFakeTimers();
    try {
      const close = vi.fn();
      const shown = renderPart(<Toast text="Строка удалена" undoLabel="Вернуть" onUndo={() => {}} onClose={close} />);
      await vi.advanceTimersByTimeAsync(100);
      await shown;
      screen.getByRole('button', { name: 'Вернуть' }).focus();
      await vi.advanceTimersByTimeAsync(20_000);
      expect(close).not.toHaveBeenCalled();
      screen.getByRole('button', { name: 'Вернуть' }).blur();
      await vi.advanceTimersByTimeAsync(8_000);
      expect(close).toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  it('a dialog leaves it to its page what Escape does, and stands again when the browser closes it all the same', async () => {
    const close = vi.fn();
    await renderPart(
      <Dialog title="Сеанс завершён" onClose={close}>
        <p>…</p>
      </Dialog>,
    );
    const dialog = screen.getByRole<HTMLDialogElement>('dialog', { name: 'Сеанс завершён' });
    expect(fireEvent(dialog, new Event('cancel', { cancelable: true }))).toBe(false);
    expect(close).toHaveBeenCalledOnce();
    dialog.open = false;
    fireEvent(dialog, new Event('close'));
    expect(dialog.open).toBe(true);
  });

  it('a dialog has the focus on its title, so that a second Enter does nothing, and gives it back to what asked', async () => {
    const act = vi.fn(async () => {});
    const { user } = await renderPart(
      <ConfirmAction label="Удалить" title="Удалить черновик?" confirm="Удалить всё" keep="Оставить" busy="…" act={act}>
        <p>Это нельзя отменить.</p>
      </ConfirmAction>,
    );
    await user.tab();
    await user.keyboard('{Enter}');
    const dialog = screen.getByRole<HTMLDialogElement>('dialog', { name: 'Удалить черновик?' });
    expect(dialog).toHaveAccessibleDescription('Это нельзя отменить.');
    expect(screen.getByRole('heading', { name: 'Удалить черновик?' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(act).not.toHaveBeenCalled();
    dialog.close();
    fireEvent(dialog, new Event('close'));
    expect(screen.getByRole('heading', { name: 'Удалить черновик?' })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Оставить' }));
    expect(screen.getByRole('button', { name: 'Удалить' })).toHaveFocus();
    await user.keyboard('{Enter}');
    await user.tab();
    await user.keyboard('{Enter}');
    expect(act).toHaveBeenCalledOnce();
  });

  it.each([
    [19, false, 'meter'],
    [80, false, 'meter soon'],
    [100, true, 'meter late'],
  ])('a norm used by %i %% is shown as %s %s', async (percent, overdue, className) => {
    await renderPart(<NormMeter percent={percent} overdue={overdue} />);
    expect(screen.getByRole('img', { name: `израсходовано ${percent} %` })).toHaveClass(...className.split(' '));
  });
});
