"""Interprets the opcodes of a pickle. It can build what ``builders`` lists, and call nothing.

The meaning of each opcode is documented in Python's ``pickletools``. Effort and memory are bounded
by the budget, whatever a file announces.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import Any

from localedit_core.checkpoints.pickles.arguments import checked_key
from localedit_core.checkpoints.pickles.array_builders import ArrayStandIn, DtypeStandIn
from localedit_core.checkpoints.pickles.budget import Budget
from localedit_core.checkpoints.pickles.builders import (
    BUILDERS,
    is_listed,
    torch_dtype,
)
from localedit_core.checkpoints.pickles.policy import HINT, check_name
from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.scalars import MAX_LINE, Scalars
from localedit_core.checkpoints.pickles.source import DAMAGED, Region, Source
from localedit_core.checkpoints.pickles.values import Global, StandIn
from localedit_core.errors import RenderCancelled

_CODES = {ord(code.code): code.name.lower() for code in pickletools.opcodes}
_NAMES = {"pop": "drop"}  # _pop itself hands the value out
_MARK = object()


PersistentLoad = Callable[[Any], Any]
NestedLoad = Callable[[Region | bytes, Budget], Any]


class Machine(Scalars):
    """Reads one pickle from a source.

    Args:
        source: where; stands behind the pickle afterwards.
        budget: shared by all pickles of the file.
        persistent_load: what a persistent id stands for; None refuses them.
        nested_load: reads a file of ``torch.save`` that lies inside; None refuses them.
    """

    def __init__(
        self,
        source: Source,
        budget: Budget,
        persistent_load: PersistentLoad | None = None,
        nested_load: NestedLoad | None = None,
    ) -> None:
        super().__init__(source, budget)
        self._persistent_load = persistent_load
        self._nested_load = nested_load
        self._memo: dict[int, Any] = {}
        self._handlers = {
            code: getattr(self, f"_{_NAMES.get(name, name)}", None) for code, name in _CODES.items()
        }

    def run(self) -> Any:
        """Read the pickle and return its value.

        Raises:
            Refusal: it is damaged, too costly, or asks for what is refused. Messages begin
                small ("it asks for ..."); the caller puts the file's name before them.
        """
        try:
            return self._run()
        except RecursionError as error:
            raise Refusal("it is nested too deeply", DAMAGED) from error

    def _run(self) -> Any:
        source, budget = self._source, self._budget
        while True:
            budget.spend(1)
            if budget.opcodes % 4096 == 0 and budget.cancelled is not None and budget.cancelled():
                raise RenderCancelled
            code = source.take(1)[0]
            if code == 0x2E:  # STOP
                return self._pop()
            handler = self._handlers.get(code)
            if handler is None:
                name = _CODES.get(code, f"0x{code:02x}")
                raise Refusal(f"it holds the instruction {name}, which is refused", HINT)
            handler()

    # stack --------------------------------------------------------------------------------

    def _pop(self) -> Any:
        if not self._stack or self._stack[-1] is _MARK:
            raise Refusal("its instructions do not fit together", DAMAGED)
        return self._stack.pop()

    def _top(self) -> Any:
        if not self._stack or self._stack[-1] is _MARK:
            raise Refusal("its instructions do not fit together", DAMAGED)
        return self._stack[-1]

    def _pop_to_mark(self) -> list[Any]:
        stack = self._stack
        for index in range(len(stack) - 1, -1, -1):
            if stack[index] is _MARK:
                values = stack[index + 1 :]
                del stack[index:]
                return values
        raise Refusal("its instructions do not fit together", DAMAGED)

    def _mark(self) -> None:
        self._stack.append(_MARK)

    def _drop(self) -> None:
        if not self._stack:
            raise Refusal("its instructions do not fit together", DAMAGED)
        self._stack.pop()

    def _pop_mark(self) -> None:
        self._pop_to_mark()

    def _dup(self) -> None:
        self._push(self._top())

    # memo ---------------------------------------------------------------------------------

    def _remember(self, index: int) -> None:
        self._memo[index] = self._top()

    def _recall(self, index: int) -> None:
        if index not in self._memo:
            raise Refusal("its instructions do not fit together", DAMAGED)
        self._push(self._memo[index])

    def _memoize(self) -> None:
        self._remember(len(self._memo))

    def _put(self) -> None:
        self._remember(self._decimal(self._line()))

    def _binput(self) -> None:
        self._remember(self._source.take(1)[0])

    def _long_binput(self) -> None:
        self._remember(self._unpack("<I"))

    def _get(self) -> None:
        self._recall(self._decimal(self._line()))

    def _binget(self) -> None:
        self._recall(self._source.take(1)[0])

    def _long_binget(self) -> None:
        self._recall(self._unpack("<I"))

    # containers -----------------------------------------------------------------------------

    def _empty_list(self) -> None:
        self._push([])

    def _empty_tuple(self) -> None:
        self._push(())

    def _empty_dict(self) -> None:
        self._push({})

    def _empty_set(self) -> None:
        self._push(set())

    def _list(self) -> None:
        self._push(self._pop_to_mark())

    def _tuple(self) -> None:
        self._push(tuple(self._pop_to_mark()))

    def _tuple1(self) -> None:
        self._push((self._pop(),))

    def _tuple2(self) -> None:
        second = self._pop()
        self._push((self._pop(), second))

    def _tuple3(self) -> None:
        third, second = self._pop(), self._pop()
        self._push((self._pop(), second, third))

    def _dict(self) -> None:
        values = self._pop_to_mark()
        self._push({})
        self._store(values)

    def _frozenset(self) -> None:
        self._push(frozenset(checked_key(value) for value in self._pop_to_mark()))

    def _append_all(self, values: list[Any]) -> None:
        target = self._top()
        if isinstance(target, StandIn):
            target.appended.extend(values)
        elif isinstance(target, list):
            target.extend(values)
        else:
            raise Refusal("it appends to what is no list", DAMAGED)

    def _append(self) -> None:
        value = self._pop()
        self._append_all([value])

    def _appends(self) -> None:
        self._append_all(self._pop_to_mark())

    def _store(self, values: list[Any]) -> None:
        if len(values) % 2:
            raise Refusal("it stores a key without a value", DAMAGED)
        target = self._top()
        pairs = zip(values[::2], values[1::2], strict=True)
        if isinstance(target, StandIn):
            target.items.extend(pairs)
        elif isinstance(target, dict):
            for key, value in pairs:
                target[checked_key(key)] = value
        else:
            raise Refusal("it stores items in what holds none", DAMAGED)

    def _setitem(self) -> None:
        value = self._pop()
        self._store([self._pop(), value])

    def _setitems(self) -> None:
        self._store(self._pop_to_mark())

    def _additems(self) -> None:
        values = self._pop_to_mark()
        target = self._top()
        if not isinstance(target, set):
            raise Refusal("it adds to what is no set", DAMAGED)
        target.update(checked_key(value) for value in values)

    # objects --------------------------------------------------------------------------------

    def _push_global(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise Refusal("it asks for something without a name", HINT)
        found = Global(module, name)
        if not is_listed(found) and torch_dtype(found) is None:
            check_name(found)
        self._push(torch_dtype(found) or found)

    def _global(self) -> None:
        self._push_global(self._name_line(), self._name_line())

    def _name_line(self) -> str:
        try:
            return self._source.line(MAX_LINE).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal("a name in it is none", DAMAGED) from error

    def _stack_global(self) -> None:
        name = self._pop()
        self._push_global(self._pop(), name)

    def _call(self, function: Any, args: Any) -> Any:
        """What a listed function makes of its arguments; a stand-in for an object of a class."""
        if not isinstance(function, Global) or not isinstance(args, tuple):
            raise Refusal("it calls what is no function", HINT)
        for arg in args:  # builders copy what they are given: as dear as reading it once more
            if isinstance(arg, str | bytes):
                self._budget.spend(0, len(arg))
            elif isinstance(arg, list | tuple | dict | set | frozenset):
                self._budget.spend(len(arg))
        key = (function.module, function.name)
        if key == ("torch.storage", "_load_from_bytes"):
            return self._load_nested(args)
        if function.name == "_reconstructor" and key[0] in ("copyreg", "copy_reg"):
            if not args or not isinstance(args[0], Global):
                raise Refusal("it makes an object of no class", HINT)
            return self._object(args[0], args[1:])
        builder = BUILDERS.get(key)
        if builder is not None:
            return builder(args)
        return self._object(function, args)

    def _object(self, cls: Any, args: Any) -> Any:
        if not isinstance(cls, Global) or not isinstance(args, tuple):
            raise Refusal("it makes an object of no class", HINT)
        if (cls.module, cls.name) in BUILDERS:
            return self._call(cls, args)
        if is_listed(cls):
            raise Refusal(f"it calls {cls}, which LocalEdit refuses", HINT)
        return StandIn(cls.module, cls.name, args)

    def _load_nested(self, args: tuple[Any, ...]) -> Any:
        if self._nested_load is None or len(args) != 1 or not isinstance(args[0], bytes | Region):
            raise Refusal("it holds a file inside that cannot be read", DAMAGED)
        if self._budget.depth <= 0:
            raise Refusal("it is nested too deeply", DAMAGED)
        self._budget.depth -= 1
        try:
            return self._nested_load(args[0], self._budget)
        finally:
            self._budget.depth += 1

    def _reduce(self) -> None:
        args = self._pop()
        self._push(self._call(self._pop(), args))

    def _newobj(self) -> None:
        args = self._pop()
        self._push(self._object(self._pop(), args))

    def _newobj_ex(self) -> None:
        keywords, args = self._pop(), self._pop()
        if not isinstance(keywords, dict):
            raise Refusal("it makes an object of no class", HINT)
        cls = self._pop()
        self._push(self._object(cls, args))

    def _inst(self) -> None:
        self._global()
        cls = self._pop()
        self._push(self._object(cls, tuple(self._pop_to_mark())))

    def _obj(self) -> None:
        values = self._pop_to_mark()
        if not values:
            raise Refusal("it makes an object of no class", HINT)
        self._push(self._object(values[0], tuple(values[1:])))

    def _build(self) -> None:
        state = self._pop()
        target = self._top()
        if isinstance(target, StandIn):
            target.state = state
        elif isinstance(target, ArrayStandIn | DtypeStandIn):
            if isinstance(state, tuple):  # texts in it are turned into bytes: a copy each time
                self._budget.spend(0, sum(len(v) for v in state if isinstance(v, str | bytes)))
            target.set_state(state)
        # Attributes of a dictionary or a tensor say nothing about its values.

    def _readonly_buffer(self) -> None:
        self._top()

    def _persid(self) -> None:
        self._push_persistent(self._line())

    def _binpersid(self) -> None:
        self._push_persistent(self._pop())

    def _push_persistent(self, identity: Any) -> None:
        if self._persistent_load is None:
            raise Refusal("it refers to data outside, which LocalEdit refuses", HINT)
        self._push(self._persistent_load(identity))
