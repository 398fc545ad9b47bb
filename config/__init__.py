"""Settings, URLs and processes of Tithi. Importing the package stays free of Django: `config.local` starts first."""
