/* The most memory that this process has had in RAM at a time, since it last asked for a fresh start. Linux
   only; where a container forbids the fresh start, the figure is that of the process so far. */
#ifndef CODEC_PEAK_MEMORY_H
#define CODEC_PEAK_MEMORY_H

#include <stdio.h>
#include <sys/resource.h>

/* Starts afresh: the peak is now what the process has at the moment. */
static inline void peak_memory_reset(void) {
  FILE* file = fopen("/proc/self/clear_refs", "w");
  if (!file) return;
  fputs("5", file);
  fclose(file);
}

/* The peak in KiB. */
static inline long peak_memory_kib(void) {
  long kib = 0;
  char line[128];
  struct rusage usage;
  FILE* file = fopen("/proc/self/status", "r");
  if (file) {
    while (fgets(line, sizeof line, file) && sscanf(line, "VmHWM: %ld", &kib) != 1) continue;
    fclose(file);
  }
  if (kib > 0) return kib;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

#endif
