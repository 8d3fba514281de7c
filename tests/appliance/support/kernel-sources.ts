/** One change of a source text: every match is replaced, and there must be one. */
type Edit = readonly [from: string | RegExp, to: string];

/** @throws Error when a place to change is not there: the source is of a kernel that this was not made for */
function edited(name: string, text: string, edits: readonly Edit[]): string {
  return edits.reduce((now, [from, to]) => {
    const next = typeof from === "string" ? now.replaceAll(from, to) : now.replace(from, to);
    if (next === now) throw new Error(`${name} of this kernel has no ${String(from)}.`);
    return next;
  }, text);
}

/**
 * The kernel's loop card (sound/drivers/aloop.c) with a timer of high resolution in place of the one that counts in steps of
 * 4 ms, so that periods of 64 frames come one by one, and a program that is late is told so. Linked streams start at one frame.
 */
export function loopCardSource(text: string): string {
  return edited("sound/drivers/aloop.c", text, [
    [/^MODULE_AUTHOR/m, '#include "frame-clock.h"\nMODULE_AUTHOR'],
    ["struct timer_list timer;", "struct hrtimer timer;"],
    [/jiffies(?=;\n\t\tdpcm->pcm_rate_shift = 0;)/, "frame_of_start()"],
    [/(?<=[= ])jiffies(?=[;)])/g, "frames_now()"],
    ["mod_timer(&dpcm->timer, jiffies + tick);", "fire_at(&dpcm->timer, frames_now() + tick);"],
    ["del_timer_sync(&dpcm->timer)", "hrtimer_cancel(&dpcm->timer)"],
    ["del_timer(&dpcm->timer)", "hrtimer_try_to_cancel(&dpcm->timer)"],
    [/^.*dpcm->timer\.expires = 0;\n/m, ""],
    [/^.*timer_expires:.*\n/m, ""],
    ["static void loopback_jiffies_timer_function(struct timer_list *t)", "static enum hrtimer_restart loopback_jiffies_timer_function(struct hrtimer *t)"],
    ["from_timer(dpcm, t, timer)", "container_of(t, struct loopback_pcm, timer)"],
    ["timer_setup(&dpcm->timer, loopback_jiffies_timer_function, 0);",
      "hrtimer_init(&dpcm->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);\n\tdpcm->timer.function = loopback_jiffies_timer_function;"],
    [/(snd_pcm_period_elapsed\(dpcm->substream\);\n\t\t\t)return;(\n\t\t\}\n\t\}\n\tspin_unlock_irqrestore\(&dpcm->cable->lock, flags\);\n)\}/,
      "$1return HRTIMER_NORESTART;$2\treturn HRTIMER_NORESTART;\n}"],
  ]);
}

/** The kernel's interrupts made by software (kernel/irq/irq_sim.c) as a module: a function that it calls is not there for modules. */
export function interruptsSource(text: string): string {
  return edited("kernel/irq/irq_sim.c", text, [
    ["irq_to_desc(irqnum)", "irq_data_to_desc(irq_get_irq_data(irqnum))"],
    ["#include <linux/irq.h>", "#include <linux/irq.h>\n#include <linux/irqdesc.h>\n#include <linux/module.h>"],
    [/$/, 'MODULE_LICENSE("GPL");\n'],
  ]);
}
