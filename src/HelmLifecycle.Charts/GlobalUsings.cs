global using HelmLifecycle.Templates;
