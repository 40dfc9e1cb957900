"""Pictures of every page and sheet: both languages, light and dark, wide and on a phone, and what is wrong with them.

    python -m scripts.screens [--url URL] [--axe] [--docs] [--only WORD] [--skip WORD] [--width 1024]
        [--contrast] [FOLDER]

Of the settings whole pages are taken, however long. Without `--url` a demo of its own is started whose customers hold
still. A progress line is printed for each page, below it what is wider than its window, whose words are cut off, a word
of the other language, an error of the console, and with `--axe` whatever axe finds.
"""
