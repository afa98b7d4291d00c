/* An office and its counters: open the office first, close it last. */
typedef struct office office;
typedef struct counter counter;

office* office_open(void);
void office_close(office* of);
counter* counter_open(office* of);
int counter_serve(counter* at);
void counter_close(counter* at);
