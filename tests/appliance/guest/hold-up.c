/*
 * Holds the processor up as a bad driver does: nothing else runs for so many milliseconds, so many times, with half a second between.
 *
 * usage: hold-up MILLISECONDS TIMES
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Over everything that makes sound. */
#define PRIORITY 90

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int count, char **words)
{
	struct sched_param urgent = { .sched_priority = PRIORITY };
	int times;

	if (count != 3) {
		fprintf(stderr, "usage: hold-up MILLISECONDS TIMES\n");
		return 2;
	}
	if (sched_setscheduler(0, SCHED_FIFO, &urgent) != 0) {
		perror("hold-up");
		return 1;
	}
	for (times = atoi(words[2]); times > 0; times--) {
		double end;

		usleep(500000);
		for (end = now_ms() + atof(words[1]); now_ms() < end;)
			;
	}
	return 0;
}
