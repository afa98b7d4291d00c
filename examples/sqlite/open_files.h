/* Whether this process has a file open. Linux only. */
#ifndef SQLITE_OPEN_FILES_H
#define SQLITE_OPEN_FILES_H

#include <sys/stat.h>
#include <unistd.h>

/* 1 if one of the process's first 1024 descriptors leads to the file. */
static inline int is_open(const char* path) {
  struct stat wanted;
  struct stat found;
  int descriptor;
  if (stat(path, &wanted) != 0) return 0;
  for (descriptor = 0; descriptor < 1024; descriptor++) {
    if (fstat(descriptor, &found) == 0 && found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino)
      return 1;
  }
  return 0;
}

#endif
