"""Evidence by content: checked, stored once, handed out as attachment only."""
