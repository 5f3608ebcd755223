using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Components.Pieces;

/// <summary>A dialog that fills in one command's request: keeps what was typed when it is refused, closes with true when it is done.</summary>
public abstract class CommandForm : ComponentBase
{
    /// <summary>What is wrong with the form.</summary>
    protected FormFaults Faults { get; } = new();

    /// <summary>Whether the command runs.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Labels of the fields by their names in the API.</summary>
    protected abstract IReadOnlyDictionary<string, string> Labels { get; }

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    /// <summary>Runs the command, once at a time.</summary>
    /// <typeparam name="T">What it gives back.</typeparam>
    protected async Task RunAsync<T>(Func<Actor, Task<Result<T>>> command)
    {
        if (Busy) return;
        Busy = true;
        try
        {
            var result = await Commands.RunAsync(command);
            if (result.Failure is { } failure) Faults.Take(failure, Labels);
            else Dialogs.Close(true);
        }
        finally
        {
            Busy = false;
        }
    }

    /// <summary>Closes without having done anything.</summary>
    protected void Cancel() => Dialogs.Close();
}
