# The console's pages as pictures, drawn by the console itself without a display; and its translation files.

command_pictures() {
    setup_runtime
    build_preset "$mm_preset" mm_console_pictures
    QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=1 LC_ALL=C.UTF-8 \
        "$(build_folder "$mm_preset")/bin/mm_console_pictures" "$mm_root/docs/images"
}

command_translations() {
    python3 "$mm_root/resources/dev/translations.py" "$mm_root"
}
