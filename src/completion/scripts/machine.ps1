# PowerShell completion of machine and docker-machine; load it with:
#   machine completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName machine, docker-machine -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
  $program = $words[0]
  if (-not (Get-Command -Name $program -CommandType Application, ExternalScript -ErrorAction SilentlyContinue)) { $program = 'machine' }
  $typed = @($words | Select-Object -Skip 1)
  # An empty word does not reach a program from every version of PowerShell.
  $lines = if ($wordToComplete -eq '') { & $program __complete --new-word @typed 2>$null } else { & $program __complete @typed 2>$null }
  $directive = 0
  $results = @(foreach ($line in $lines) {
      if ($line -match '^:(\d+)$') { $directive = [int]$Matches[1]; continue }
      $text, $help = $line -split "`t", 2
      if (-not $help) { $help = $text }
      $quoted = if ($text -match '^[\w.:=/@+-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
      [System.Management.Automation.CompletionResult]::new($quoted, $text, 'ParameterValue', $help)
    })
  if ($results.Count -eq 0 -and ($directive -band 4)) { return '' } # nothing, and no files either
  $results
}
