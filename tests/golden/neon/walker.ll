; The program walker and its thread pool.
;
; What it computes: every kernel of a program, in order, on a team of workers that meet at barriers.
;
; A kernel is    void kernel(ptr args, i64 worker, i64 workers, i64 slot). `slot` is the number of who calls: of the memory
;                that it may work in. Most kernels need none and leave the parameter out, as the ABIs of C allow.
; A program is   an array of %Entry. Workers 0 .. `most` - 1 run it, and are told that they are all; flags: 1 = barrier
;                after it. Where `blocks` is not 0, `together` kernels from this one on are called for block 0, then for
;                block 1, and so on, each as if the block were a worker; workers share the blocks.
; A call is      one %Call, which holds all that a run needs; workers only read it, except for its status.
; The status is  four i64 that kernels may write. Word 0 other than 0 stops the walk at the next barrier.
;
; Python calls the functions at the end: walker_bytes, walker_open, walker_present, walker_run, walker_worker,
; walker_orphan, walker_leave.
;
; Protocol
;   1. A caller takes `busy` (FREE -> TAKEN). If it cannot, or wants one worker, it walks the program alone and touches
;      nothing of the pool.
;   2. It puts the call and the size of the team into the mailboxes of workers 1 .. team-1 and of no other, and posts
;      WORK there. A worker looks at nothing but its own mailbox: who is not in the team does not know of the run and
;      cannot see a half-written one.
;   3. A worker puts its mailbox back to IDLE and walks the program, as does the caller, who is worker 0.
;   4. At a barrier each adds 1 to `arrived`. The last one samples the status into `verdict`, puts `arrived` back to 0
;      and posts the next `generation`; the others wait for that. One worker reads the status, once a barrier, so all
;      stop there or none does.
;   5. The end of the walk is a barrier at which workers arrive but do not wait: their last access to the run is their
;      arrival. Only the caller waits, then posts busy = FREE.
;   6. A worker that sleeps is woken on another core than the caller's: the caller takes its core from the worker's
;      affinity before the post, and the worker gives it back to itself when it is awake. The scheduler alone does not see
;      to that. In a virtual machine it takes idle cores for preempted ones and wakes the worker on the caller's core,
;      where it waits until the caller has done its part.
;   7. To leave: take `busy` for good, close `present`, post LEAVE to every worker that is there; its foreign call
;      returns.
;
; Words that are waited on (busy, generation, order) hold even values; bit 0 says that somebody sleeps on the word. One
; thread at a time may change the value, by @post; any number may wait, by @await. Setting the bit, changing the value
; and the kernel's own compare all concern that one word, and all threads agree on the order of changes of one word. So
; no wake is lost, and nothing here needs to be sequentially consistent.

; kernel, args, flags, together, blocks, most
%Entry = type { ptr, ptr, i64, i64, i64, i64 }
; A pointer that each run sets: word `from` of the call's frame is copied to its word `to`.
%Binding = type { i64, i64 }
; pool, program, length, workers, bindings, number of bindings, status. A frame is memory that starts with the call.
%Call = type { ptr, ptr, i64, i64, ptr, i64, [4 x i64] }
; order, thread (its number, once it is known), team, call, size of the mask in bytes (0: there is none), mask: the cores
; that the worker may use when it is awake
%Mailbox = type { i32, i32, i64, ptr, i64, [16 x i64], [96 x i8] }
; What different threads write lies 128 bytes apart (x86 fetches lines of 64 bytes in pairs).
%Pool = type {
  i32, [124 x i8],             ; busy
  i64, [120 x i8],             ; present: how many workers took a number
  i64, i32, i32, [112 x i8],   ; cores; pauses awake at a barrier (spin), pauses awake before a worker parks (linger)
  i64, [120 x i8],             ; arrived
  i32, i32, [120 x i8],        ; generation, verdict
  [64 x %Mailbox]
}

declare i64 @llvm.umin.i64(i64, i64)
declare i64 @syscall(i64, ...)
declare i32 @sched_getcpu()

; ---- waiting and waking ----------------------------------------------------------------------------------------------

; Wait until the value of the word is not %old any more, for %budget pauses awake and then asleep. Returns the new
; value.
define internal i32 @await(ptr %word, i32 %old, i32 %budget) {
entry:
  %asleep = or i32 %old, 1
  %asleep.wide = zext i32 %asleep to i64
  br label %look

look:
  %left = phi i32 [ %budget, %entry ], [ %left.less, %pause ], [ 0, %sleep ], [ 0, %announce ]
  ; acquire: pairs with the release of @post. It does so too when another waiter's bit was added since: that is a
  ; read-modify-write, which continues the release sequence of the post.
  %seen = load atomic i32, ptr %word acquire, align 4
  %value = and i32 %seen, -2
  %same = icmp eq i32 %value, %old
  br i1 %same, label %decide, label %done

decide:
  %patient = icmp sgt i32 %left, 0
  br i1 %patient, label %pause, label %announce

pause:
  call void asm sideeffect "yield", "~{memory}"()
  %left.less = sub i32 %left, 1
  br label %look

announce:
  ; Add the bit, only to the old value. monotonic: it publishes nothing but itself. If the post comes after it, the post
  ; sees the bit and wakes us; if before, the exchange fails and we look again.
  %said = cmpxchg ptr %word, i32 %old, i32 %asleep monotonic monotonic, align 4
  %found = extractvalue { i32, i1 } %said, 0
  %found.asleep = or i32 %found, 1
  %sleeps = icmp eq i32 %found.asleep, %asleep
  br i1 %sleeps, label %sleep, label %look

sleep:
  ; FUTEX_WAIT | PRIVATE. Returns at once when the word has changed; early returns (a signal, a late wake meant for an
  ; earlier wait) look again.
  call i64 (i64, ...) @syscall(i64 98, ptr %word, i64 128, i64 %asleep.wide, ptr null)
  br label %look

done:
  ret i32 %value
}

; Change the value of the word and wake who sleeps on it.
define internal void @post(ptr %word, i32 %value) {
entry:
  ; release: all that this thread wrote, or saw by acquire, is visible to who acquires the new value. After the exchange
  ; the word may be waited on, posted and slept on anew; waking it then is a needless wake, nothing worse.
  %was = atomicrmw xchg ptr %word, i32 %value release, align 4
  %bit = and i32 %was, 1
  %wakes = icmp ne i32 %bit, 0
  br i1 %wakes, label %wake, label %done

wake:
  ; FUTEX_WAKE | PRIVATE, all of them
  call i64 (i64, ...) @syscall(i64 98, ptr %word, i64 129, i64 2147483647)
  br label %done

done:
  ret void
}

; ---- cores -----------------------------------------------------------------------------------------------------------

; Before a worker is woken: if it sleeps, take the core that this thread is on from those that it may use, and leave in
; the mailbox the cores that it may use once it is awake: those of this thread.
define internal void @steer(ptr %mailbox) {
entry:
  %thread.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 1
  %mask.bytes.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 4
  %mask.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 5
  store i64 0, ptr %mask.bytes.at, align 8
  ; monotonic: a worker that falls asleep after this is woken wherever the scheduler likes
  %order = load atomic i32, ptr %mailbox monotonic, align 4
  %bit = and i32 %order, 1
  %sleeps = icmp ne i32 %bit, 0
  br i1 %sleeps, label %name, label %done

name:
  ; acquire, as the number is written with release; 0 would be this thread
  %thread = load atomic i32, ptr %thread.at acquire, align 4
  %named = icmp sgt i32 %thread, 0
  br i1 %named, label %ask, label %done

ask:
  ; It fails where the system counts more cores than the mask has bits.
  %bytes = call i64 (i64, ...) @syscall(i64 123, i64 0, i64 128, ptr %mask.at)
  %core = call i32 @sched_getcpu()
  %core.wide = zext i32 %core to i64
  %bits = mul i64 %bytes, 8
  %answered = icmp sgt i64 %bytes, 0
  %inside = icmp ult i64 %core.wide, %bits
  %usable = and i1 %answered, %inside
  br i1 %usable, label %limit, label %done

limit:
  %place = lshr i64 %core.wide, 6
  %place.at = getelementptr i64, ptr %mask.at, i64 %place
  %word = load i64, ptr %place.at, align 8
  %shift = and i64 %core.wide, 63
  %mine = shl i64 1, %shift
  %not.mine = xor i64 %mine, -1
  %others = and i64 %word, %not.mine
  store i64 %others, ptr %place.at, align 8
  ; It refuses an empty mask: with one core alone nothing changes.
  call i64 (i64, ...) @syscall(i64 122, i32 %thread, i64 %bytes, ptr %mask.at)
  store i64 %word, ptr %place.at, align 8
  store i64 %bytes, ptr %mask.bytes.at, align 8
  br label %done

done:
  ret void
}

; What a worker does when it is awake: use all cores again that its caller may use.
define internal void @regain(ptr %mailbox) {
entry:
  %thread.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 1
  %mask.bytes.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 4
  %mask.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 5
  %bytes = load i64, ptr %mask.bytes.at, align 8
  %limited = icmp ne i64 %bytes, 0
  br i1 %limited, label %lift, label %done

lift:
  call i64 (i64, ...) @syscall(i64 122, i64 0, i64 %bytes, ptr %mask.at)
  br label %done

done:
  ret void
}

; ---- barriers --------------------------------------------------------------------------------------------------------

; Arrive; the last to arrive opens the barrier. Returns the generation before that, which @meet takes.
define internal i32 @arrive(ptr %pool, i64 %team, ptr %status) {
entry:
  %arrived.at = getelementptr %Pool, ptr %pool, i64 0, i32 8
  %generation.at = getelementptr %Pool, ptr %pool, i64 0, i32 10
  %verdict.at = getelementptr %Pool, ptr %pool, i64 0, i32 11
  ; monotonic: the generation cannot change before we arrive, and the latest change happened before we got here (we
  ; awaited it, or the caller did before it posted our mailbox). The release below keeps this load before the arrival.
  %now = load atomic i32, ptr %generation.at monotonic, align 4
  %before = and i32 %now, -2
  ; acq_rel: release, so that what we wrote reaches the last one; acquire, so that the last one has it from all (their
  ; additions are one release sequence) and hands it on by its post.
  %rank = atomicrmw add ptr %arrived.at, i64 1 acq_rel, align 8
  %last = sub i64 %team, 1
  %opens = icmp eq i64 %rank, %last
  br i1 %opens, label %open, label %done

open:
  ; monotonic: ordered after the kernels' stores by the arrivals
  %state = load atomic i64, ptr %status monotonic, align 8
  %stop = icmp ne i64 %state, 0
  %stop.wide = zext i1 %stop to i32
  ; plain: read after acquiring the generation below, written again only by the last to arrive at the next barrier,
  ; after all have read it.
  store i32 %stop.wide, ptr %verdict.at, align 4
  ; monotonic: the next addition comes after the post below
  store atomic i64 0, ptr %arrived.at monotonic, align 8
  %after = add i32 %before, 2
  call void @post(ptr %generation.at, i32 %after)
  br label %done

done:
  ret i32 %before
}

; The pauses that one of this team may stay awake for. A crowded team (more workers than cores) sleeps at once: who
; spins keeps from its core who is waited for.
define internal i32 @patience(ptr %pool, i64 %team, i32 %pauses) {
entry:
  %cores.at = getelementptr %Pool, ptr %pool, i64 0, i32 4
  %cores = load i64, ptr %cores.at, align 8
  %crowded = icmp ugt i64 %team, %cores
  %budget = select i1 %crowded, i32 0, i32 %pauses
  ret i32 %budget
}

; Wait for the barrier that @arrive arrived at.
define internal void @meet(ptr %pool, i64 %team, i32 %before) {
entry:
  %spin.at = getelementptr %Pool, ptr %pool, i64 0, i32 5
  %generation.at = getelementptr %Pool, ptr %pool, i64 0, i32 10
  %spin = load i32, ptr %spin.at, align 4
  %budget = call i32 @patience(ptr %pool, i64 %team, i32 %spin)
  %opened = call i32 @await(ptr %generation.at, i32 %before, i32 %budget)
  ret void
}

; ---- the walk --------------------------------------------------------------------------------------------------------

; Walk the program as one of the team. A team of one reads the status at the same places and never touches the pool,
; which others may be using.
define internal void @walk(ptr %pool, ptr %call, i64 %worker, i64 %team) {
entry:
  %program.at = getelementptr %Call, ptr %call, i64 0, i32 1
  %program = load ptr, ptr %program.at, align 8
  %length.at = getelementptr %Call, ptr %call, i64 0, i32 2
  %length = load i64, ptr %length.at, align 8
  %status = getelementptr %Call, ptr %call, i64 0, i32 6
  %verdict.at = getelementptr %Pool, ptr %pool, i64 0, i32 11
  %alone = icmp eq i64 %team, 1
  %leads = icmp eq i64 %worker, 0
  br label %head

head:
  %index = phi i64 [ 0, %entry ], [ %next, %passed ], [ %next, %solo ], [ %next, %barrier ]
  %more = icmp slt i64 %index, %length
  br i1 %more, label %fetch, label %end

fetch:
  %together.at = getelementptr %Entry, ptr %program, i64 %index, i32 3
  %together = load i64, ptr %together.at, align 8
  %next = add i64 %index, %together
  %last = sub i64 %next, 1
  %kernel.at = getelementptr %Entry, ptr %program, i64 %index, i32 0
  %args.at = getelementptr %Entry, ptr %program, i64 %index, i32 1
  %flags.at = getelementptr %Entry, ptr %program, i64 %last, i32 2
  %blocks.at = getelementptr %Entry, ptr %program, i64 %index, i32 4
  %kernel = load ptr, ptr %kernel.at, align 8
  %args = load ptr, ptr %args.at, align 8
  %flags = load i64, ptr %flags.at, align 8
  %blocks = load i64, ptr %blocks.at, align 8
  %most.at = getelementptr %Entry, ptr %program, i64 %index, i32 5
  %most = load i64, ptr %most.at, align 8
  %workers = call i64 @llvm.umin.i64(i64 %team, i64 %most)
  %mine = icmp ult i64 %worker, %workers
  br i1 %mine, label %run, label %passed

run:
  %whole = icmp eq i64 %blocks, 0
  br i1 %whole, label %at.once, label %in.blocks

at.once:
  call void %kernel(ptr %args, i64 %worker, i64 %workers, i64 %worker)
  br label %passed

in.blocks:
  call void @run_blocks(ptr %program, i64 %index, i64 %next, i64 %blocks, i64 %worker, i64 %workers)
  br label %passed

passed:
  ; A barrier after the last entry is the end itself.
  %barrier.bit = and i64 %flags, 1
  %asked = icmp ne i64 %barrier.bit, 0
  %inside = icmp slt i64 %next, %length
  %meets = and i1 %asked, %inside
  br i1 %meets, label %sync, label %head

sync:
  br i1 %alone, label %solo, label %barrier

solo:
  %state = load atomic i64, ptr %status monotonic, align 8
  %stop.solo = icmp ne i64 %state, 0
  br i1 %stop.solo, label %done, label %head

barrier:
  %before = call i32 @arrive(ptr %pool, i64 %team, ptr %status)
  call void @meet(ptr %pool, i64 %team, i32 %before)
  %verdict = load i32, ptr %verdict.at, align 4
  %stop = icmp ne i32 %verdict, 0
  br i1 %stop, label %end, label %head

end:
  br i1 %alone, label %done, label %sign.off

sign.off:
  %final = call i32 @arrive(ptr %pool, i64 %team, ptr %status)
  br i1 %leads, label %collect, label %done

collect:
  call void @meet(ptr %pool, i64 %team, i32 %final)
  br label %done

done:
  ret void
}

; Run the kernels number %first .. %end - 1 for this worker's share of the blocks, one block after the other.
define internal void @run_blocks(ptr %program, i64 %first, i64 %end, i64 %blocks, i64 %worker, i64 %workers) {
entry:
  %before = mul i64 %worker, %blocks
  %from = udiv i64 %before, %workers
  %worker.next = add i64 %worker, 1
  %after = mul i64 %worker.next, %blocks
  %to = udiv i64 %after, %workers
  br label %head

head:
  %block = phi i64 [ %from, %entry ], [ %block.next, %block.done ]
  %more = icmp slt i64 %block, %to
  br i1 %more, label %kernels, label %done

kernels:
  %index = phi i64 [ %first, %head ], [ %index.next, %run ]
  %left = icmp slt i64 %index, %end
  br i1 %left, label %run, label %block.done

run:
  %kernel.at = getelementptr %Entry, ptr %program, i64 %index, i32 0
  %args.at = getelementptr %Entry, ptr %program, i64 %index, i32 1
  %kernel = load ptr, ptr %kernel.at, align 8
  %args = load ptr, ptr %args.at, align 8
  call void %kernel(ptr %args, i64 %block, i64 %blocks, i64 %worker)
  %index.next = add i64 %index, 1
  br label %kernels

block.done:
  %block.next = add i64 %block, 1
  br label %head

done:
  ret void
}

; Clear the status and copy the pointers of this run from the head of the frame to where the kernels find them.
define internal void @bind(ptr %call) {
entry:
  %bindings.at = getelementptr %Call, ptr %call, i64 0, i32 4
  %bindings = load ptr, ptr %bindings.at, align 8
  %binding.count.at = getelementptr %Call, ptr %call, i64 0, i32 5
  %binding.count = load i64, ptr %binding.count.at, align 8
  %status = getelementptr %Call, ptr %call, i64 0, i32 6
  store [4 x i64] zeroinitializer, ptr %status, align 8
  br label %head

head:
  %i = phi i64 [ 0, %entry ], [ %i.next, %copy ]
  %more = icmp slt i64 %i, %binding.count
  br i1 %more, label %copy, label %done

copy:
  %from.at = getelementptr %Binding, ptr %bindings, i64 %i, i32 0
  %to.at = getelementptr %Binding, ptr %bindings, i64 %i, i32 1
  %from = load i64, ptr %from.at, align 8
  %to = load i64, ptr %to.at, align 8
  %source = getelementptr ptr, ptr %call, i64 %from
  %target = getelementptr ptr, ptr %call, i64 %to
  %pointer = load ptr, ptr %source, align 8
  store ptr %pointer, ptr %target, align 8
  %i.next = add i64 %i, 1
  br label %head

done:
  ret void
}

; ---- what Python calls -----------------------------------------------------------------------------------------------

; The size of a pool. Its memory is aligned to 128 bytes and zeroed before @walker_open.
define i64 @walker_bytes() {
  ret i64 ptrtoint (ptr getelementptr (%Pool, ptr null, i64 1) to i64)
}

; Set the constants of a pool.
define void @walker_open(ptr %pool, i64 %cores, i32 %spin, i32 %linger) {
entry:
  %cores.at = getelementptr %Pool, ptr %pool, i64 0, i32 4
  %spin.at = getelementptr %Pool, ptr %pool, i64 0, i32 5
  %linger.at = getelementptr %Pool, ptr %pool, i64 0, i32 6
  store i64 %cores, ptr %cores.at, align 8
  store i32 %spin, ptr %spin.at, align 4
  store i32 %linger, ptr %linger.at, align 4
  ret void
}

; How many workers are there, the callers not counted.
define i64 @walker_present(ptr %pool) {
entry:
  %present.at = getelementptr %Pool, ptr %pool, i64 0, i32 2
  %count = load atomic i64, ptr %present.at monotonic, align 8
  %there = call i64 @llvm.umin.i64(i64 %count, i64 64)
  ret i64 %there
}

; Run a program with at most the workers asked for and there. Returns word 0 of the status.
define i64 @walker_run(ptr %call) {
entry:
  %pool.at = getelementptr %Call, ptr %call, i64 0, i32 0
  %pool = load ptr, ptr %pool.at, align 8
  %workers.at = getelementptr %Call, ptr %call, i64 0, i32 3
  %workers = load i64, ptr %workers.at, align 8
  %status.at = getelementptr %Call, ptr %call, i64 0, i32 6
  %busy.at = getelementptr %Pool, ptr %pool, i64 0, i32 0
  call void @bind(ptr %call)
  %several = icmp sgt i64 %workers, 1
  br i1 %several, label %take, label %alone

take:
  ; acquire: pairs with the previous caller's post; its run, and its workers' way back to their mailboxes, happened
  ; before ours
  %taking = cmpxchg ptr %busy.at, i32 0, i32 2 acquire monotonic, align 4
  %taken = extractvalue { i32, i1 } %taking, 1
  br i1 %taken, label %gather, label %alone

gather:
  %there = call i64 @walker_present(ptr %pool)
  %most = add i64 %there, 1
  %team = call i64 @llvm.umin.i64(i64 %workers, i64 %most)
  br label %rouse

rouse:
  %worker = phi i64 [ 1, %gather ], [ %worker.next, %rouse.one ]
  %more = icmp ult i64 %worker, %team
  br i1 %more, label %rouse.one, label %lead

rouse.one:
  %seat = sub i64 %worker, 1
  %mailbox = getelementptr %Pool, ptr %pool, i64 0, i32 13, i64 %seat
  %letter.team.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 2
  %letter.call.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 3
  ; plain: published by the post; the worker reads them when its mailbox says WORK, and has read those of its last run
  ; before its last arrival
  store i64 %team, ptr %letter.team.at, align 8
  store ptr %call, ptr %letter.call.at, align 8
  call void @steer(ptr %mailbox)
  call void @post(ptr %mailbox, i32 2)
  %worker.next = add i64 %worker, 1
  br label %rouse

lead:
  call void @walk(ptr %pool, ptr %call, i64 0, i64 %team)
  call void @post(ptr %busy.at, i32 0)
  br label %done

alone:
  call void @walk(ptr %pool, ptr %call, i64 0, i64 1)
  br label %done

done:
  %status = load atomic i64, ptr %status.at monotonic, align 8
  ret i64 %status
}

; The life of a worker thread. It takes the next number; a thread that never gets here is not counted and is never
; waited for.
define void @walker_worker(ptr %pool) {
entry:
  %present.at = getelementptr %Pool, ptr %pool, i64 0, i32 2
  %linger.at = getelementptr %Pool, ptr %pool, i64 0, i32 6
  ; monotonic: it publishes nothing; the mailbox was zeroed before any thread could know the pool, and an order posted
  ; before we look is found when we do
  %earlier = atomicrmw add ptr %present.at, i64 1 monotonic, align 8
  %worker = add i64 %earlier, 1
  %room = icmp ule i64 %worker, 64
  br i1 %room, label %enter, label %exit

enter:
  %seat = sub i64 %worker, 1
  %mailbox = getelementptr %Pool, ptr %pool, i64 0, i32 13, i64 %seat
  %letter.team.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 2
  %letter.call.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 3
  %linger = load i32, ptr %linger.at, align 4
  %thread.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 1
  %mask.bytes.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 4
  %mask.at = getelementptr %Mailbox, ptr %mailbox, i64 0, i32 5
  %thread.wide = call i64 (i64, ...) @syscall(i64 178)
  %thread = trunc i64 %thread.wide to i32
  store atomic i32 %thread, ptr %thread.at release, align 4
  br label %idle

idle:
  %budget = phi i32 [ %linger, %enter ], [ %budget.next, %follow ]
  %order = call i32 @await(ptr %mailbox, i32 0, i32 %budget)
  ; monotonic: our last arrival releases it, so the next order comes after it
  store atomic i32 0, ptr %mailbox monotonic, align 4
  %leaves = icmp eq i32 %order, 4
  br i1 %leaves, label %exit, label %follow

follow:
  %call = load ptr, ptr %letter.call.at, align 8
  %team = load i64, ptr %letter.team.at, align 8
  call void @regain(ptr %mailbox)
  call void @walk(ptr %pool, ptr %call, i64 %worker, i64 %team)
  %budget.next = call i32 @patience(ptr %pool, i64 %team, i32 %linger)
  br label %idle

exit:
  ret void
}

; For the child of a fork, where the workers are not: a call that still names this pool finds it busy and runs alone.
define void @walker_orphan(ptr %pool) {
entry:
  %busy.at = getelementptr %Pool, ptr %pool, i64 0, i32 0
  store atomic i32 2, ptr %busy.at monotonic, align 4
  ret void
}

; Tell all workers to leave, once the run in progress ends. Later calls find the pool busy and run alone. To be called
; once.
define void @walker_leave(ptr %pool) {
entry:
  %busy.at = getelementptr %Pool, ptr %pool, i64 0, i32 0
  %present.at = getelementptr %Pool, ptr %pool, i64 0, i32 2
  br label %try

try:
  %taking = cmpxchg ptr %busy.at, i32 0, i32 2 acquire monotonic, align 4
  %taken = extractvalue { i32, i1 } %taking, 1
  br i1 %taken, label %close, label %wait

wait:
  %freed = call i32 @await(ptr %busy.at, i32 2, i32 0)
  br label %try

close:
  ; A thread that takes its number after this finds no room; who took one before is counted here and finds LEAVE.
  %count = atomicrmw xchg ptr %present.at, i64 4294967296 monotonic, align 8
  %there = call i64 @llvm.umin.i64(i64 %count, i64 64)
  br label %dismiss

dismiss:
  %worker = phi i64 [ 1, %close ], [ %worker.next, %dismiss.one ]
  %more = icmp ule i64 %worker, %there
  br i1 %more, label %dismiss.one, label %done

dismiss.one:
  %seat = sub i64 %worker, 1
  %mailbox = getelementptr %Pool, ptr %pool, i64 0, i32 13, i64 %seat
  call void @post(ptr %mailbox, i32 4)
  %worker.next = add i64 %worker, 1
  br label %dismiss

done:
  ret void
}
