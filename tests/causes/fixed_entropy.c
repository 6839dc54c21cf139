// Preloaded into a process, gives it the same "entropy" in every run, whoever asks for it: Python (getrandom), libraries
// (getentropy), TensorFlow (std::random_device). What still differs between two runs is no seed's doing.
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

static atomic_uint_fast64_t state;

// SplitMix64 (Steele, Lea and Flood, 2014).
static uint64_t next(void) {
  uint64_t word = atomic_fetch_add(&state, 0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
  return word ^ (word >> 31);
}

static void fill(void *buffer, size_t length) {
  unsigned char *bytes = buffer;
  for (size_t at = 0; at < length; ++at) bytes[at] = (unsigned char)next();
}

ssize_t getrandom(void *buffer, size_t length, unsigned int flags) {
  (void)flags;
  fill(buffer, length);
  return (ssize_t)length;
}

int getentropy(void *buffer, size_t length) {
  fill(buffer, length);
  return 0;
}

unsigned int _ZNSt13random_device9_M_getvalEv(void *device) {
  (void)device;
  return (unsigned int)next();
}
