"""The files of a difference in the order in which to read them, in groups that fold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from vetflow.app.review.values import Delta
from vetflow.review.patches import FilePatch
from vetflow.text import shown
from vetflow.tui.bar import with_bar

_SIGNS: Final = 4
"""The columns at the left in which the signs of a file stand."""
_ROOM: Final = 19
"""The width of a leaf; of a longer path the end is shown, which tells files apart."""


class FileTree(Tree[str]):
    """A tree whose leaves are paths. Groups of the build-time surface are open, the rest is folded with its count."""

    DEFAULT_CSS = "FileTree { width: 26; border-right: solid $dim; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Cursor Down", show=False, id="tree.down"),
        Binding("k", "cursor_up", "Cursor Up", show=False, id="tree.up"),
        Binding("h,left", "fold", "Fold", show=False, id="tree.fold"),
        Binding("l,right", "unfold", "Open", show=False, id="tree.unfold"),
    ]

    class Chosen(Message):
        """A file was chosen."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class Ticked(Message):
        """The sign of a file was clicked."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self) -> None:
        super().__init__(Text("files"))
        self.show_root = False
        self.guide_depth = 1
        self._leaves: dict[str, TreeNode[str]] = {}
        self._labels: dict[str, str] = {}
        self._signs: dict[str, str] = {}

    def show_delta(self, delta: Delta, findings: Mapping[str, int]) -> None:
        """Show a difference. findings: how many a file has."""
        self.clear()
        self._leaves.clear()
        self._signs.clear()
        for group in delta.plan.groups:
            title = Text(f"{group.title} ({len(group.files)})", style="bold")
            node = self.root.add(title, expand=not group.is_folded)
            for file in group.files:
                self._labels[file.path] = _label(file, findings.get(file.path, 0))
                self._leaves[file.path] = node.add_leaf(Text(""), file.path)
            for moved in group.moved:
                node.add_leaf(Text(f"= {shown(moved.path)} {'came in' if moved.into else 'went out'}", no_wrap=True))
        self.root.expand()

    def mark(self, viewed: frozenset[str], current: str | None) -> None:
        """Show which files were viewed, and which one is open."""
        for path, leaf in self._leaves.items():
            sign = f"{'>' if path == current else ' '}{'x' if path in viewed else ' '}"
            if self._signs.get(path) != sign:  # a label that is set costs more than one that is compared
                self._signs[path] = sign
                style = "" if path in viewed else "bold"
                leaf.set_label(Text(f"{sign} {self._labels[path]}", style=style, no_wrap=True))
        if current in self._leaves:
            leaf = self._leaves[current]
            if leaf.parent is not None and not leaf.parent.is_expanded:
                leaf.parent.expand()
            self.call_after_refresh(self.move_cursor, leaf)

    def action_fold(self) -> None:
        """Fold the group the cursor is in, which then has it."""
        node = self.cursor_node
        if node is not None:
            group = node if node.allow_expand else node.parent or node
            group.collapse()
            self.move_cursor(group)

    def action_unfold(self) -> None:
        """Open the group the cursor is on."""
        if self.cursor_node is not None:
            self.cursor_node.expand()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen, that under the cursor with the bar while the tree has the focus."""
        strip = super().render_line(y)
        return with_bar(strip) if self.has_focus and y + round(self.scroll_y) == self.cursor_line else strip

    async def _on_click(self, event: events.Click) -> None:
        """Tick a file whose sign is clicked; a click elsewhere on it opens it."""
        line = event.style.meta.get("line", -1)
        node = self.get_node_at_line(line)
        if node is not None and node.data is not None and event.x < _SIGNS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Ticked(node.data))

    def on_tree_node_selected(self, message: Tree.NodeSelected[str]) -> None:
        """Tell of a chosen file."""
        if message.node.data is not None:
            self.post_message(self.Chosen(message.node.data))


def _label(patch: FilePatch, findings: int) -> str:
    size = f" +{patch.added} -{patch.removed}"
    mark = " !" if findings else ""
    room = max(_ROOM - len(size) - len(mark), 8)
    name = shown(patch.path)
    return f"{name if len(name) <= room else '…' + name[1 - room :]}{mark}{size}"
