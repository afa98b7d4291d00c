/* A bell: it calls who listens. */
typedef void listener(void* user);

void bell_listen(listener* call, void* user);
void bell_ring(void);
