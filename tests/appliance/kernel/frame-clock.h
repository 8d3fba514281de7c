/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock that the loop card counts by: frames of 48 kHz by a timer of high resolution. The kernel's own count goes in
 * steps of 4 ms, which is three periods of sound.
 */
#include <linux/hrtimer.h>
#include <linux/math64.h>

#undef HZ
#define HZ 48000UL

static inline unsigned long frames_now(void)
{
	return div_u64(ktime_get_ns() * 48, 1000000);
}

static inline void fire_at(struct hrtimer *timer, unsigned long frame)
{
	hrtimer_start(timer, ns_to_ktime(div_u64(frame * 1000000ULL + 47, 48)), HRTIMER_MODE_ABS_SOFT);
}

/* Both directions of a card start at one frame: what starts a moment after another counts from the same one. */
static inline unsigned long frame_of_start(void)
{
	static unsigned long start;
	unsigned long now = frames_now();

	if (now - start > 2)
		start = now;
	return start;
}
