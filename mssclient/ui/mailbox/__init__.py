"""The three panes: mailboxes and folders, the list, the reading pane."""
