/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory. SPIN's own is sequentially consistent; that of the machines isn't. What a
 * writer stores where others look without a lock goes into a buffer, from which it
 * reaches memory at any later time and in any order, but for what the barriers say
 * (as weak as arm64 and the kernel's model have it, for stores):
 *
 *	push()		a plain store, behind older ones to the same place
 *	push_release()	a store that is behind all older ones
 *	wmb()		all younger ones are behind all older ones
 *
 * Releasing the pool's lock is a release and no more: what follows may be seen
 * before it. Loads are in the order of the program, but where a broken barrier lets
 * them be otherwise.
 *
 * Who includes this has defined WRITERS, BUFFERED (0: no buffers, each store is in
 * memory at once) and store(), which puts a number into a place of memory.
 */

#if BUFFERED

#define BUFFER	6

typedef Buffer {
	byte count;
	bool barrier;		/* before the next */
	byte at[BUFFER];
	byte value[BUFFER];
	byte record[BUFFER];	/* ghost, of pos: the last record before it */
	bool release[BUFFER];
	bool behind[BUFFER];	/* a barrier was right before it */
}

Buffer buffers[WRITERS];

inline push_any(place, number, is_release, last)
{
	atomic {
		buffers[cpu].count < BUFFER;
		buffers[cpu].at[buffers[cpu].count] = place;
		buffers[cpu].value[buffers[cpu].count] = number;
		buffers[cpu].record[buffers[cpu].count] = last;
		buffers[cpu].release[buffers[cpu].count] = is_release;
		buffers[cpu].behind[buffers[cpu].count] = buffers[cpu].barrier;
		buffers[cpu].barrier = false;
		buffers[cpu].count++
	}
}

inline wmb()
{
	buffers[cpu].barrier = (buffers[cpu].count > 0)
}

/* Whether store @i can be seen before the older one @k. */
#define OVERTAKES(i, k) \
	(buffers[cpu].at[k] != buffers[cpu].at[i] && !buffers[cpu].behind[(k) + 1])

#define THERE(i)	(buffers[cpu].count > i && !buffers[cpu].release[i])

/* What CPU @cpu has stored reaches memory. */
proctype memory(byte cpu)
{
	byte i, k;

end:	do
	:: atomic {
		if
		:: buffers[cpu].count > 0 -> i = 0
		:: THERE(1) && OVERTAKES(1, 0) -> i = 1
		:: THERE(2) && OVERTAKES(2, 0) && OVERTAKES(2, 1) -> i = 2
		:: THERE(3) && OVERTAKES(3, 0) && OVERTAKES(3, 1) && OVERTAKES(3, 2) -> i = 3
		:: THERE(4) && OVERTAKES(4, 0) && OVERTAKES(4, 1) && OVERTAKES(4, 2) &&
		   OVERTAKES(4, 3) -> i = 4
		:: THERE(5) && OVERTAKES(5, 0) && OVERTAKES(5, 1) && OVERTAKES(5, 2) &&
		   OVERTAKES(5, 3) && OVERTAKES(5, 4) -> i = 5
		fi;

		store(buffers[cpu].at[i], buffers[cpu].value[i], buffers[cpu].record[i]);

		/* The younger ones move up. */
		k = i;
		do
		:: k + 1 < buffers[cpu].count ->
			buffers[cpu].at[k] = buffers[cpu].at[k + 1];
			buffers[cpu].value[k] = buffers[cpu].value[k + 1];
			buffers[cpu].record[k] = buffers[cpu].record[k + 1];
			buffers[cpu].release[k] = buffers[cpu].release[k + 1];
			buffers[cpu].behind[k] = buffers[cpu].behind[k + 1];
			k++
		:: else -> break
		od;
		buffers[cpu].count--;
		buffers[cpu].at[buffers[cpu].count] = 0;
		buffers[cpu].value[buffers[cpu].count] = 0;
		buffers[cpu].record[buffers[cpu].count] = 0;
		buffers[cpu].release[buffers[cpu].count] = false;
		buffers[cpu].behind[buffers[cpu].count] = false;
		buffers[cpu].behind[0] = false;
		if
		:: buffers[cpu].count == 0 -> buffers[cpu].barrier = false
		:: else
		fi;
		i = 0;
		k = 0
	}
	od
}

#else

#define push_any(place, number, is_release, last) atomic { store(place, number, last) }
#define wmb() skip

proctype memory(byte cpu)
{
end:	false
}

#endif

/* Ends a step, if what follows is to be seen apart from what is before. */
#if BUFFERED
#define SPLIT	} atomic {
#else
#define SPLIT
#endif

#define push(place, number)		push_any(place, number, false, 0)
#define push_release(place, number)	push_any(place, number, true, 0)
