/work/main/tests/guest/build/guest/cases.o: cases.c cases.h
